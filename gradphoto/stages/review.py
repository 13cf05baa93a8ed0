"""What a person may decide, and in which words it is refused: the same from the command line and on the page.

Each function makes of what was asked for the fields of a decision, or raises `Refused`; nothing is kept here.
"""

from collections.abc import Container
from typing import Any

from config.bad_input import BadInput
from gradphoto.decision import Act
from gradphoto.discreet import quoted
from gradphoto.matching.entry import Entry
from gradphoto.matching.kind import Kind
from gradphoto.original import Digest
from gradphoto.rejection import as_kept
from gradphoto.stages.season import Season

What = dict[str, Any]
"""The fields of a decision, as `take_decision` takes them."""


class Refused(BadInput):
    """A decision that cannot be taken; its message is one line for the operator."""


def assigning(
    season: Season, capture: str, student_no: str, without_code: bool = False, also: bool = False
) -> What:
    """The picture is that student's, or `also` theirs; one without a bound code must be named as such."""
    sha256, student_no = portrait(season, capture), student(season, student_no)
    if also:
        _refuse_to_share(season, sha256, student_no)
    if not season.bindings.codes.get(student_no) and not without_code:
        raise Refused(f"学号 {student_no} 没有采集码：没有采集码不得采集，确要认定请加 --without-code")
    what = {"act": Act.ASSIGN, "capture": sha256, "student_no": student_no, "without_code": without_code}
    return what | ({"also": True} if also else {})


def _refuse_to_share(season: Season, sha256: Digest, student_no: str) -> None:
    students = next(match.students for match in season.matches if match.sha256 == sha256)
    if not students:
        raise Refused(
            f"照片 {sha256[:12]} 还没有归属：请先用 review assign 认定是谁的，再用 --also 加上另一个学籍"
        )
    if student_no in students:
        raise Refused(f"照片 {sha256[:12]} 已经归学号 {student_no}")


def choosing(season: Season, capture: str) -> What:
    """Use it, also over its findings; takes back a rejection and a hold."""
    return {"act": Act.CHOOSE, "capture": portrait(season, capture)}


def rejecting(season: Season, capture: str, reason: str) -> What:
    """It cannot be used; the reason is a code, its word or free text."""
    if not reason.strip():
        raise Refused("--reason 不能为空：请写明退回的原因")
    return {"act": Act.REJECT, "capture": portrait(season, capture), "reason": as_kept(reason)}


def holding(season: Season, capture: str, reason: str = "") -> What:
    """Nothing of this picture's student is delivered until somebody decides."""
    return {"act": Act.HOLD, "capture": portrait(season, capture), "reason": reason.strip()}


def admitting(season: Season, student_no: str, reason: str = "", known: Container[str] = ()) -> What:
    """Photographed although outside the campaign's groups; `known` are students that no run has met yet."""
    admitted = student_no if student_no in known else student(season, student_no)
    return {"act": Act.ADMIT, "student_no": admitted, "reason": reason.strip()}


def undoing(last: int, number: int) -> What:
    """The decision of that number counts as never taken; `last` is the newest one."""
    if not 1 <= number <= last:
        raise Refused(f"没有决定 {number}：现有 1 至 {last}" if last else "还没有任何决定")
    return {"act": Act.UNDO, "undone": number}


def portrait(season: Season, prefix: str) -> Digest:
    """The one capture of that digest; a slate or a broken file is nobody's portrait."""
    if len(prefix) < 8:
        raise Refused(f"照片 {prefix!r}：至少写出sha256的前8位")
    found = [match for match in season.matches if match.sha256.startswith(prefix.lower())]
    if len(found) != 1:
        raise Refused(f"照片 {prefix!r}：{'有不止一张' if found else '没有这张照片'}，请核对sha256")
    if found[0].classified.kind is not Kind.PORTRAIT:
        raise Refused(f"照片 {prefix!r}：不是人像（采集码照、空镜或异常文件），不能认定、选用或退回")
    return found[0].sha256


def student(season: Season, student_no: str) -> str:
    """The number itself when the register has it."""
    if student_no not in season.inputs.register.students:
        raise Refused(f"名册中没有学号 {quoted(student_no)}")
    return student_no


def for_a_person(entry: Entry) -> bool:
    """Whether the next night would not settle a pending file by itself."""
    return not {reason.code for reason in entry.reasons} <= {"not-read", "not-packed"}
