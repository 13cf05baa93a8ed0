"""How far a stage is, as Prefect shows it: a bar for the stages that take the time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from httpx import HTTPError
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.exceptions import PrefectException

from gradphoto.language import shown

_LONG = {"read": "识读", "render": "制作"}


@contextmanager
def only_shown() -> Iterator[None]:
    """Within it, what the server does not take is left out: no bundle waits for what is only looked at."""
    with suppress(HTTPError, PrefectException):
        yield


def progress(stage: str, calls: int) -> Callable[[int], None]:
    """To be told how many of a stage's calls are done; a stage that is soon over has no bar."""
    if stage not in _LONG or calls < 2:
        return lambda _: None
    bar = None
    with only_shown():
        bar = create_progress_artifact(progress=0, description=shown(f"{_LONG[stage]}，共 {calls} 批"))

    def tell(done: int) -> None:
        with only_shown():
            if bar:
                update_progress_artifact(bar, progress=100 * done / calls)  # type: ignore[arg-type]

    return tell
