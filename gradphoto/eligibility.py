"""Who is photographed in a campaign: each student against the notice's groups. Pure.

What a student's columns do not say, or say so that it is not understood, speaks against nobody: such a
student is taken as eligible, with a warning. Only what is known to contradict every group excludes.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable

from config.campaign import Campaign, Group
from config.frozen import Frozen
from gradphoto.entry import level_of, programme_of, terms_of
from gradphoto.roster import Student

__all__ = ["Eligibility", "alarms", "eligibility", "level_of", "outside", "programme_of", "terms_of"]


class Eligibility(Frozen):
    """Whether a student is photographed. `group` is the id of the group they surely belong to.

    `reason` says in Chinese why not, `warning` what could not be told; each is empty when there is nothing to say.
    """

    eligible: bool
    group: str | None = None
    reason: str = ""
    warning: str = ""


Answer = bool | None
"""Whether a student fulfils a condition; None when the columns do not say."""


def outside(students: Iterable[Student], campaign: Campaign, admitted: Container[str]) -> dict[str, str]:
    """Why a student is of no group, by student number, but for those who were admitted."""
    judged = {one.student_no: eligibility(one, campaign) for one in students if one.student_no not in admitted}
    return {student_no: found.reason for student_no, found in judged.items() if not found.eligible}


def eligibility(student: Student, campaign: Campaign) -> Eligibility:
    """A student of any group is eligible; the first group in the campaign's order is named."""
    doubts: list[str] = []
    for group in campaign.groups:
        answers = _answers(student, group)
        if all(answers.values()):
            return Eligibility(eligible=True, group=group.id)
        if False not in answers.values():
            doubts += [title for title, answer in answers.items() if answer is None]
    if doubts:
        return Eligibility(eligible=True, warning=_warning(student, doubts))
    return Eligibility(eligible=False, reason=_reason(student))


def alarms(students: Iterable[Student], campaign: Campaign) -> list[str]:
    """A Chinese line for each centre of whose students more than the allowed share are ineligible."""
    everybody, outside = Counter[str](), Counter[str]()
    for student in students:
        everybody[student.centre] += 1
        outside[student.centre] += not eligibility(student, campaign).eligible
    limit = campaign.rules.max_ineligible_share
    return [
        f"{centre.name}：{everybody[centre.id]}名学生中有{outside[centre.id]}名"
        f"（{outside[centre.id] / everybody[centre.id]:.1%}）不在本次采集范围，超过{limit:.0%}，请核对名册"
        for centre in campaign.centres
        if outside[centre.id] > limit * everybody[centre.id]
    ]


def _answers(student: Student, group: Group) -> dict[str, Answer]:
    """For each of the group's conditions, by its title, whether the student fulfils it.

    An empty 照片超年限 says no: the column marks the few whose photo is too old, and most rosters lack it.
    """
    answers: dict[str, Answer] = {}
    if group.programmes:
        answers["办学类型"] = _among(student.programme, programme_of, group.programmes)
    if group.levels:
        answers["层次"] = _among(student.level, level_of, group.levels)
    if group.terms:
        answers["入学学期"] = _in_terms(terms_of(student.entered), group.terms)
    if group.photo_expired:
        answers["照片超年限"] = student.photo_expired is True
    return answers


def _among(text: str, understood: Callable[[str], str | None], wanted: tuple[str, ...]) -> Answer:
    word = understood(text)
    return None if word is None else word in wanted


def _in_terms(terms: frozenset[str], wanted: tuple[str, ...]) -> Answer:
    """A season is in its year; a mere year may or may not be the season that is wanted."""
    inside = [term in wanted or term[:4] in wanted for term in terms]
    if inside and all(inside):
        return True
    return None if not terms or any(inside) or any(_overlap(term, wanted) for term in terms) else False


def _overlap(term: str, wanted: tuple[str, ...]) -> bool:
    return len(term) == 4 and any(each.startswith(term) for each in wanted)


def _said(student: Student) -> str:
    texts = (("办学类型", student.programme), ("层次", student.level), ("入学学期", student.entered))
    return "、".join(f"{title}“{text}”" if text else f"{title}未填" for title, text in texts)


def _warning(student: Student, doubts: list[str]) -> str:
    titles = "、".join(dict.fromkeys(doubts))
    return f"{titles}未填或不能据以判断（{_said(student)}），暂按在采集范围内处理，请核对"


def _reason(student: Student) -> str:
    return f"不属于通知规定的采集对象（{_said(student)}，照片未标为超年限）"
