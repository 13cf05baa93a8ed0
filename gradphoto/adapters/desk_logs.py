"""Every desk's log of one session, as the files stand now: read again only when one of them changed."""

from collections.abc import Iterable
from pathlib import Path

from config.campaign import Campaign
from gradphoto.adapters.reasons import reason
from gradphoto.inputs.problems import Held
from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.kind import is_scanlog
from gradphoto.safe_name import safe_name

_Stamp = tuple[int, int]
_Read = tuple[list[DeskRow], list[Held]]


class DeskLogs:
    """The logs in a folder, this desk's and the others'."""

    def __init__(self, folder: Path, session: str, campaign: Campaign) -> None:
        self._folder, self._session, self._campaign = folder, session, campaign
        self._read: dict[str, tuple[_Stamp, _Read]] = {}

    def look(self) -> tuple[list[DeskRow], list[Held]]:
        """All rows, and what is held of them; a log that cannot be read is held by its name."""
        rows: list[DeskRow] = []
        held: list[Held] = []
        for path in sorted(self._paths()):
            found, troubles = self._of(path)
            rows += found
            held += troubles
        return rows, held

    def _paths(self) -> Iterable[Path]:
        return (path for path in self._folder.glob("scanlog*") if is_scanlog(path.name) and path.is_file())

    def _of(self, path: Path) -> _Read:
        name = safe_name(path.name)
        try:
            said = path.stat()
            stamp = (said.st_size, said.st_mtime_ns)
            if name not in self._read or self._read[name][0] != stamp:
                self._read[name] = stamp, read_scanlog(path.read_bytes(), self._session, name, self._campaign)
        except OSError as trouble:
            return [], [Held(file=name, message=f"读不了（{reason(trouble)}），请检查文件")]
        return self._read[name][1]
