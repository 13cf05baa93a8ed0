"""Who is outside the campaign's groups, or may be, by the workspace's rosters as they are now. Read only."""

from pathlib import Path
from typing import NamedTuple

from config.campaign import Campaign
from config.settings import Settings
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.store import Store, StoreTrouble
from gradphoto.eligible import Named, expected_in, named
from gradphoto.inputs.problems import Held
from gradphoto.roster import Student
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.journals import decided


class Look(NamedTuple):
    """What a look at the rosters found; `lacking` says in Chinese what the store could not be asked."""

    campaign: Campaign
    students: tuple[Student, ...]
    """All that were looked at."""
    found: tuple[Named, ...]
    held: tuple[Held, ...]
    """Rows of rosters that are not used: their students are nobody's yet."""
    lacking: str = ""


def look(store: Store, folder: Path, settings: Settings, session: str = "", centre: str = "") -> Look:
    """Everybody of whom something is to be said; of one session or one centre, else of the campaign.

    `BadInput` when the inputs cannot be used.
    """
    inputs = inputs_now(folder, settings)
    students = list(inputs.register.students.values())
    if session:
        students = expected_in(inputs.campaign.session(session), students)
    if centre:
        students = [one for one in students if one.centre == centre]
    admitted, lacking = _admitted(store)
    found = named(students, inputs.campaign, admitted)
    return Look(inputs.campaign, tuple(students), tuple(found), inputs.register.held, lacking)


def _admitted(store: Store) -> tuple[frozenset[str], str]:
    try:
        return frozenset(decided(store).admitted), ""
    except (StoreTrouble, OSError) as trouble:
        why = reason(trouble) if isinstance(trouble, OSError) else trouble
        return frozenset(), f"存储连不上（{why}）：不知道谁已准入"
