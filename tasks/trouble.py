"""Which trouble is worth another try: that of the infrastructure, never that of the data."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gradphoto.adapters.processes import WorkersTrouble
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.store import StoreTrouble

INFRASTRUCTURE = (StoreTrouble, WorkersTrouble, OSError)
RETRIES = 2
DELAYS = [1.0, 5.0]
"""Seconds before the second and the third try."""


class DrillTrouble(Exception):
    """A centre that is made to fail, for practice: another try would be no help."""


class Bug(Exception):
    """Any other exception without its words, which may hold what stands in a roster; its text is its kind."""


@contextmanager
def wordless() -> Iterator[None]:
    """Within it, what is raised says nothing of a person: Prefect keeps an exception's words, and logs them."""
    try:
        yield
    except (StoreTrouble, WorkersTrouble, DrillTrouble, Bug):
        raise
    except OSError as trouble:  # it names a file, and files are named by anybody
        raise OSError(trouble.errno, trouble.strerror).with_traceback(trouble.__traceback__) from None
    except Exception as bug:
        raise Bug(type(bug).__name__).with_traceback(bug.__traceback__) from None


def why(trouble: BaseException) -> str:
    """A trouble as one line for the operator; a bug is named by its kind only, for its words may name people."""
    if isinstance(trouble, DrillTrouble | WorkersTrouble):
        return str(trouble)
    if isinstance(trouble, StoreTrouble):
        return f"存储故障：{trouble}"
    if isinstance(trouble, OSError):
        return f"系统故障：{reason(trouble)}"
    return f"程序错误：{trouble if isinstance(trouble, Bug) else type(trouble).__name__}，请查看日志"


def worth_another_try(_task: Any, _run: Any, state: Any) -> bool:
    """For Prefect's `retry_condition_fn`: whether what was raised may be gone the next time."""
    return isinstance(state.data, INFRASTRUCTURE)
