"""What is written of a centre's slots: a workbook for the centre, and the poster for the wall.

The record that these slots were told comes before the files: whoever is cut off in between writes the same again.
"""

from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from config.campaign import Campaign
from gradphoto.adapters.durable import private_folder
from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.slot_poster import PaperName, slot_poster
from gradphoto.adapters.workbook import Sheet, workbook_bytes
from gradphoto.slots_poster import masked_name, poster
from gradphoto.slots_tables import change_rows, left_rows, people_rows, slot_rows
from gradphoto.stages.slots import Planned


class Written(NamedTuple):
    """The files of one centre, and the students whose name the poster cannot show in full."""

    paths: tuple[Path, ...]
    unprintable: tuple[str, ...]


def refuse_unwritable(to: Path) -> None:
    """Make a folder and prove that it can be written to, before anything is told; `OSError` when it cannot."""
    private_folder(to)
    with TemporaryFile(dir=to):
        pass


def write_slots(
    campaign: Campaign, planned: Planned, to: Path, letters: Lettering, paper: PaperName = "a3"
) -> Written:
    """Write `时段-<centre>.xlsx` and `.pdf` into a folder, over nothing that is there; `OSError` if it cannot."""
    plan, students = planned.plan, planned.students
    found = poster(campaign, plan, students, planned.edition)
    files = {
        f"时段-{plan.centre}.xlsx": workbook_bytes(_sheets(campaign, planned)),
        f"时段-{plan.centre}.pdf": slot_poster(found, letters, paper),
    }
    lacking = (no for no in plan.seats if letters.lacking(masked_name(students[no].name)))
    return Written(write_fresh(to, files).paths, tuple(sorted(lacking)))


def _sheets(campaign: Campaign, planned: Planned) -> list[Sheet]:
    """Those of which there is anything to say; the first two always."""
    plan, students = planned.plan, planned.students
    sheets = [
        Sheet("时段表", people_rows(campaign, plan, students)),
        Sheet("各时段人数", slot_rows(plan, students)),
    ]
    more = [
        Sheet("须通知的变动", change_rows(planned.changes)),
        Sheet("没有时段的学生", left_rows(plan, students)),
    ]
    return [*sheets, *(sheet for sheet in more if len(sheet.rows) > 1)]
