"""Close: a durable marker that a session is over; a second time is no harm."""

from collections.abc import Iterable

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store


def close_session(store: Store, session: str, who: str, at: str) -> bool:
    """Mark a session as over; False when it was already."""
    return Journal(store, f"closed/{session}").take(1, [{"who": who, "at": at}])


def closed_sessions(store: Store, sessions: Iterable[str]) -> set[str]:
    """Those of the sessions that are over."""
    over = {key.split("/")[1] for key in store.keys("closed")}
    return over.intersection(sessions)
