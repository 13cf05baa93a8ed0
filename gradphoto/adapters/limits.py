"""What a single picture may cost its worker: memory by the system's own limit, time by the system's own alarm.

Both bite inside C code too, where no Python can look. A picture that wants more memory is told so and held;
one that wants more time ends its worker, and `processes` finds out which one it was.
"""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path

import cv2

from gradphoto.discrepancy import Discrepancy

MEMORY = 4 << 30
"""Bytes of data of a worker. 120 megapixels took at most 2.9 GB (a PNG with transparency; a JPEG 1.4 GB)."""

PATIENCE = 120.0
"""Seconds for one picture. 120 megapixels took at most 10; waiting for the store is not counted."""

_FIRST = "1000"
"""Of all processes the system shall end the worker first when the machine's memory is used up."""


_NO_MEMORY = ("Insufficient memory", "Memory allocation error")


def confine() -> None:
    """Bind this process, for good, where the system can: its memory, and no dump of faces when it crashes."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # not on Windows

        _at_most(resource.RLIMIT_CORE, 0)
        _at_most(resource.RLIMIT_DATA, MEMORY)  # not RLIMIT_AS: threads reserve addresses that they never use
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST)


@contextlib.contextmanager
def patience(seconds: float = PATIENCE) -> Iterator[None]:
    """Within it the process ends by SIGALRM after so many seconds; only for a worker that may be lost."""
    if not hasattr(signal, "setitimer"):  # Windows
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def wants_memory(trouble: BaseException) -> bool:
    """Whether an error says that there was no memory: Python's, OpenCV's, libjpeg's and libheif's words for it."""
    if isinstance(trouble, cv2.error):
        return getattr(trouble, "code", None) == cv2.Error.StsNoMem
    return isinstance(trouble, MemoryError) or any(words in str(trouble) for words in _NO_MEMORY)


def too_large() -> Discrepancy:
    """What is said of a picture that wanted more memory than a worker may have."""
    return Discrepancy(code="too-large", detail=f"解码需要超过{MEMORY >> 30} GB内存")


def _at_most(kind: int, most: int) -> None:
    """The lower of this and what the system set already."""
    import resource

    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))
