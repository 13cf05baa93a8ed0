"""A file that was taken in: its bytes by sha256, and where they came from."""

from pathlib import PurePosixPath

from config.frozen import Frozen

Digest = str
"""A sha256 in lower-case hexadecimal, 64 characters."""


class Original(Frozen):
    """One file of one session, as ingest recorded it.

    `source` names the folder (`inbox/<session>`, or the one given), `path` the file in it with `/`;
    `size` is in bytes, `mtime_ns` the source's own time stamp, kept only to skip unchanged files. When
    `unsafe`, the name held characters that cannot be written everywhere, and `path` is its safe form.
    """

    session: str
    source: str
    path: str
    sha256: Digest
    size: int
    mtime_ns: int
    unsafe: bool = False

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return PurePosixPath(self.path).name

    @property
    def place(self) -> tuple[str, str, str]:
        """What tells two files of the same bytes apart; the lowest is the capture, others are duplicates."""
        return (self.session, self.source, self.path)
