"""The records of what was taken in: written by ingest alone, read by every later stage."""

from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import DamagedObject, Store
from gradphoto.original import Digest, Original


def originals(store: Store, session: str) -> list[Original]:
    """The originals of a session in order of place, each once however often it was recorded."""
    return each_once(recorded(store, session))


def each_once(recorded: Iterable[Original]) -> list[Original]:
    """Those of any sessions that are not the same file with the same bytes again; the first of these counts."""
    first: dict[tuple[tuple[str, str, str], Digest], Original] = {}
    for original in recorded:
        first.setdefault((original.place, original.sha256), original)
    return sorted(first.values(), key=lambda original: (original.place, original.sha256))


def sessions_with_originals(store: Store) -> list[str]:
    """The ids of the sessions of which anything was taken in, in order."""
    return sorted({key.split("/")[1] for key in store.keys("ingests")})


def recorded(store: Store, session: str) -> Iterator[Original]:
    """Every line of a session's records, oldest record first; two ingests at once may both name a file."""
    for number, lines in ingests(store, session).records():
        for index, line in enumerate(lines, 2):
            try:
                yield Original.model_validate(line)
            except ValidationError:
                where = f"存储中的 ingests/{session}/{number:06d}.jsonl，第{index}行"
                raise DamagedObject(f"{where}：不是原始文件的记录，请从备份恢复") from None


def ingests(store: Store, session: str) -> Journal:
    """The records of one session."""
    return Journal(store, f"ingests/{session}")
