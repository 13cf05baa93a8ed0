"""The truth of a demo: what must become of each of its files and students."""

from config.frozen import Frozen
from gradphoto.states import FileState, StudentState


class Expected(Frozen):
    """One file of a session's inbox, and what must become of it."""

    session: str
    path: str
    state: FileState
    student_no: str | None = None
    """Who sits in it, or whose code it shows; None when it is neither."""
    reason: str = ""
    """The code of a reason that must be given; empty: any, or none."""

    @property
    def place(self) -> tuple[str, str]:
        """Session and path."""
        return (self.session, self.path)


class Truth(Frozen):
    """Every file, in order of place, and every student by number."""

    files: tuple[Expected, ...]
    students: dict[str, StudentState]

    @property
    def sessions(self) -> list[str]:
        """The sessions that have files, in order."""
        return sorted({file.session for file in self.files})
