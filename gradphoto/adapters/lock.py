"""One process at a time: a lock on an open file, which the system takes off whatever the process dies of."""

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    _BEYOND = 0x7FFF0000
    """A byte that no log reaches: Windows keeps others from what is locked, and they shall read."""

    def lock(file: IO[bytes]) -> bool:
        """Take the lock for as long as the file is open; False when somebody else has it."""
        file.seek(_BEYOND)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def lock(file: IO[bytes]) -> bool:
        """Take the lock for as long as the file is open; False when somebody else has it."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
