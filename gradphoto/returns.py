"""Which picture CHSI sent back: of those that went out under a student's number, the one that a row means. Pure.

Where it is not certain, nothing is decided, and the row is held with what to add to it.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from config.spelling import spelling
from gradphoto.decision import Act, Decision
from gradphoto.inputs.returns import ReturnRow
from gradphoto.original import Digest
from gradphoto.rejection import RETURNED, as_kept

_VERSION = re.compile(r"(?:(?P<centre>[a-z0-9][a-z0-9-]*)-)?(?:v|第)?0*(?P<number>[1-9][0-9]*)版?(?:\.zip)?")


class Gone(NamedTuple):
    """A picture that stood in a bundle version under the student's number: its original, and its own digest."""

    centre: str
    version: int
    source: Digest
    sha256: Digest


class Doubt(NamedTuple):
    """Why a row says nothing for certain: the column, and a Chinese line."""

    key: str
    says: str


def meant(
    row: ReturnRow, gone: Collection[Gone], uploaded: Iterable[Digest], rejected: Collection[Digest]
) -> Digest | Doubt:
    """The original of the picture that a row means.

    `uploaded` are the originals of what exports for uploading held of the student; where there are none every
    version counts. What a person refused already was not sent back anew, unless it is the only one there is.
    """
    if not gone:
        return Doubt("student_no", "从未交付过该学生的照片，没有可退回的")
    if row.version or row.sha256:
        return _named(row, gone)
    known = {one.source for one in gone}
    pool = (known & set(uploaded)) or known
    alive = pool - set(rejected)
    if len(alive or pool) == 1:
        return next(iter(alive or pool))
    if not alive:
        return max((one.version, one.source) for one in gone if one.source in pool)[1]
    return Doubt("student_no", f"该学生先后交付过 {len(alive)} 张不同的照片：{_WRITE}")


def returned_before(capture: Digest, decisions: Iterable[Decision]) -> Sequence[Decision]:
    """The returns of a picture that were ever kept, also those that somebody took back since."""
    return [one for one in decisions if _is_return(one) and one.capture == capture]


def same_reason_before(student_no: str, reason: str, capture: Digest, decisions: Iterable[Decision]) -> bool:
    """Whether another picture of the student came back for that reason before.

    Lists grow and come again: then the row may be the old one, or the new picture has the same trouble.
    """
    return any(
        _is_return(one)
        and (one.student_no, one.capture != capture) == (student_no, True)
        and as_kept(reason) in one.reason.removeprefix(RETURNED).split("；")
        for one in decisions
    )


def is_name(written: str, name: str) -> bool:
    """Whether a name in a list is the register's, spaces and dots aside; an empty one says nothing."""
    plain = str.maketrans("", "", "·•・‧.")
    return not written or spelling(written).translate(plain) == spelling(name).translate(plain)


_WRITE = "请在“版本”或“sha256”列写明是哪一张"
AGAIN = f"此前因同一原因退回的是另一张照片，现已更换：如果又被退回，{_WRITE}"


def _is_return(decision: Decision) -> bool:
    return decision.act is Act.REJECT and decision.reason.startswith(RETURNED)


def _named(row: ReturnRow, gone: Collection[Gone]) -> Digest | Doubt:
    key = "sha256" if row.sha256 else "version"
    version = _VERSION.fullmatch(row.version.lower()) if row.version else None
    if row.version and not version:
        return Doubt("version", "应是照片包的版本，如 2 或 north-v0002")
    found = {
        one.source
        for one in gone
        if row.sha256 in ("", *_beginnings(one, row.sha256))
        and (
            version is None or (version["centre"] in (None, one.centre) and int(version["number"]) == one.version)
        )
    }
    if not found:
        return Doubt(key, "该学生没有这样一张交付过的照片，请核对")
    if len(found) > 1:
        return Doubt(key, f"不止一张照片符合，{_WRITE}")
    return next(iter(found))


def _beginnings(one: Gone, begun: str) -> list[str]:
    return [begun for each in (one.sha256, one.source) if each.startswith(begun)]
