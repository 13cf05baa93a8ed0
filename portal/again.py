"""Who of a centre must come again, as the retake list says it."""

from collections.abc import Iterable

from config.campaign import Campaign
from gradphoto.discrepancy import RECALLED, Discrepancy
from gradphoto.matching.ledger import Standings
from gradphoto.retakes import Retake, Standing, retakes


def who_comes_again(campaign: Campaign, students: Iterable[Standings]) -> list[Retake]:
    """A row for each student without a usable picture, by number."""
    return retakes(campaign, map(_standing, students))


def _standing(each: Standings) -> Standing:
    one = each.student
    reasons = tuple(dict.fromkeys(map(_told, each.reasons)))
    recalled = any(reason.code == RECALLED for reason in each.reasons)
    return Standing(one.student_no, one.name, one.centre, each.state, reasons, recalled)


def _told(reason: Discrepancy) -> str:
    return reason.text if reason.code == RECALLED else reason.said
