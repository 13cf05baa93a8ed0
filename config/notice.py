"""What the notice says beyond who is photographed when and where."""

from datetime import date
from typing import Literal

from config.frozen import Frozen


class Requirement(Frozen):
    """One numbered sentence of what the notice asks of the centres and of whoever is photographed."""

    number: str
    """Where it stands, such as `2.1.3` for 二（一）3 or `2.3.4(1)` for 二（三）4（1）."""
    about: Literal["site", "process", "work", "photo"]
    """拍摄场地、拍摄过程、拍摄工作; `photo` is what a student must look like."""
    text: str
    """As the notice writes it."""
    why: str = ""
    """The reason, for students' notices; ours, for a notice seldom gives one."""
    brief: str = ""
    """The same in a few words, for short messages."""
    refuses: tuple[str, ...] = ()
    """For which reasons a picture that breaks it is refused: codes of `gradphoto.rejection`."""


class Notice(Frozen):
    """The document that orders the campaign."""

    number: str
    """文号."""
    title: str
    issuer: str
    issued: date
    first_day: date
    last_day: date
    arranged_by: str
    """Who draws up the schedule."""
    delivery: str
    """How the pictures reach the centres, as the notice writes it."""
