"""Whether records of the portal say what their numbers say: invites, and requests for reruns."""

from collections.abc import Callable
from typing import Any

from gradphoto.adapters.journal import Line
from gradphoto.stages.fsck_look import Look
from gradphoto.stages.fsck_record import Record
from gradphoto.stages.invites import said as said_of_invite
from gradphoto.stages.rerun_requests import said as said_of_request


def check_invite(_: Look, record: Record) -> None:
    """`ValueError` or a lookup's error when it is no record of ours."""
    _check(said_of_invite, record)


def check_request(_: Look, record: Record) -> None:
    """The same for a request."""
    _check(said_of_request, record)


def _check(said: Callable[[Line], Any], record: Record) -> None:
    (line,) = record.lines
    if getattr(said(line), "number", record.number) != record.number:
        raise ValueError(record.key)
