"""The register: every roster file read into students; a row in doubt is held, an odd one used with a warning."""

from collections.abc import Iterator, Sequence
from functools import cache

from config.campaign import Campaign
from config.frozen import Frozen
from config.lookup import find_centre
from gradphoto.inputs.columns import ROSTER
from gradphoto.inputs.problems import Held, SheetError
from gradphoto.inputs.register import Entry, settle
from gradphoto.inputs.roster_row import CentreId, read_entry
from gradphoto.inputs.table import read_table
from gradphoto.roster import Student


class Register(Frozen):
    """All rosters together: students by number, in order.

    `held` are rows that are not used, or whole files (row 0), `warnings` rows that are used but odd,
    `refused` one line for each file that could not be read at all.
    """

    students: dict[str, Student]
    held: tuple[Held, ...] = ()
    warnings: tuple[Held, ...] = ()
    refused: tuple[str, ...] = ()


def read_register(files: Sequence[tuple[str, bytes]], campaign: Campaign) -> Register:
    """The register of these files (name and bytes), in whatever order they and their rows come."""
    entries: list[Entry] = []
    held: list[Held] = []
    warnings: list[Held] = []
    refused: list[str] = []
    centre_id = _centre_ids(campaign)
    for name, data in files:
        try:
            table = read_table(data, name, ROSTER)
        except SheetError as trouble:
            held.append(trouble.held.model_copy(update={"row": 0}))
            refused.append(str(trouble))
            continue
        warnings.extend(_file_warnings(name, table.unread, empty=not table.lines))
        for line in table.lines:
            entry, troubles = read_entry(line, name, centre_id, campaign.student_numbers)
            held.extend(troubles)
            entries.extend([entry] if entry else [])
    settled = settle(entries)
    return Register(
        students=settled.students,
        held=_sorted(held + settled.held),
        warnings=_sorted(warnings + settled.warnings),
        refused=tuple(sorted(refused)),
    )


def _sorted(found: list[Held]) -> tuple[Held, ...]:
    return tuple(sorted(found, key=lambda held: (held.file, held.row, held.column, held.message)))


def _centre_ids(campaign: Campaign) -> CentreId:
    @cache
    def centre_id(text: str) -> str | None:
        centre = find_centre(campaign, text)
        return centre.id if centre else None

    return centre_id


def _file_warnings(name: str, unread: Sequence[str], empty: bool) -> Iterator[Held]:
    if empty:
        yield Held(file=name, message="只有表头，没有学生")
    for title in unread:
        yield Held(file=name, message=f"工作表“{title}”也像名册，但未读取；请合并到一张表或另存为一个文件")
