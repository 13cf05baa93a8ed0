"""The desks' logs as they stand in a session's inbox, whether a run has taken them in or not."""

import os
from collections.abc import Iterator
from pathlib import Path

from config.campaign import Campaign
from gradphoto.adapters.found import opened
from gradphoto.adapters.sheets import MAX_BYTES
from gradphoto.inputs.problems import Held
from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.kind import is_scanlog
from gradphoto.safe_name import safe_name

DeskRows = tuple[list[DeskRow], list[Held]]


def inbox_rows(workspace: Path, session: str, campaign: Campaign) -> DeskRows:
    """The rows of every log in `inbox/<session>`, and what is held; of copies of one log the first counts."""
    rows: list[DeskRow] = []
    held: list[Held] = []
    seen: set[bytes] = set()
    for path, data in _logs(workspace / "inbox" / session):
        if data not in seen:
            seen.add(data)
            found, troubles = read_scanlog(data, session, path, campaign)
            rows += found
            held += troubles
    return rows, held


def _logs(inbox: Path) -> Iterator[tuple[str, bytes]]:
    """Safe path and bytes of each log; links are not followed, what cannot be read is for the night to report."""
    for folder, folders, names in os.walk(inbox):
        folders.sort()
        for name in sorted(filter(is_scanlog, names)):
            path = Path(folder, name)
            try:
                with opened(path) as file:
                    yield safe_name(path.relative_to(inbox).as_posix()), file.read(MAX_BYTES + 1)
            except OSError:
                continue
