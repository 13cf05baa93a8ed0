"""What is odd about a frame and holds nothing back: a centre or a day that is not this session's."""

from config.campaign import EVERY_CENTRE, Campaign
from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.lanes import Shot


def notes(shot: Shot, centre: str | None, session: str, campaign: Campaign) -> tuple[Discrepancy, ...]:
    """The notes of one frame whose student, if any, belongs to `centre`."""
    reading = shot.classified.frame.reading
    found = [Discrepancy(code=note) for note in (reading.notes if reading else ())]
    found += _other_day(shot, session, campaign)
    expected = {window.centre for window in campaign.session(session).windows}
    if centre is not None and not expected & {centre, EVERY_CENTRE}:
        found.append(Discrepancy(code="other-centre", detail=campaign.centre(centre).name))
    return tuple(found)


def _other_day(shot: Shot, session: str, campaign: Campaign) -> list[Discrepancy]:
    """A wrong clock, or a frame of another session that stayed on the card."""
    if shot.taken is None or not shot.timed or shot.taken.date() == campaign.session(session).date:
        return []
    day = shot.taken.date()
    others = [other.id for other in campaign.days.get(day, ())]
    code, detail = ("other-session", "、".join(others)) if others else ("other-day", day.isoformat())
    return [Discrepancy(code=code, detail=detail)]
