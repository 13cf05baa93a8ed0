"""What a capture-day laptop knows of one session: no more than that session needs.

Made by `gradphoto.stages.kit`; the check-in desk and the check at the venue stand on it, with or without a
workspace.
"""

from datetime import datetime

from config.frozen import Frozen
from gradphoto.roster import Student


class Bound(Frozen):
    """A binding that a desk made on an earlier day, or that was made from a screenshot before this one."""

    code: str
    student_no: str
    session: str
    at: datetime
    """Campaign time, without a zone."""
    station: str = ""


class Kit(Frozen):
    """One session's campaign, profile and students."""

    session: str
    campaign: str
    """The campaign's file, as TOML."""
    spec: str
    """The profile's file, as TOML."""
    students: dict[str, Student]
    """By number, in order: those of the centres with a window in the session. `id_no` holds the last four
    characters only, `gender`, `birth_date`, `major`, `exam_no`, `major_code` and `ref` nothing."""
    photographed: tuple[str, ...] = ()
    """The numbers of those who have a picture already that is delivered or waits for a person."""
    admitted: tuple[str, ...] = ()
    """The numbers of those whom a person admitted although they are in none of the campaign's groups."""
    bound: tuple[Bound, ...] = ()
    """What desks bound before, also of students who are not in this kit."""
    lacking: str = ""
    """In Chinese what this kit could not be told and why: the store was out of reach. Empty when it is whole."""
