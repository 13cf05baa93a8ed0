"""Asking a campaign: which centre a text means, and when a centre is photographed."""

from datetime import datetime

from config.campaign import EVERY_CENTRE, Campaign, Centre, Session, Window
from config.spelling import spelling


def find_centre(campaign: Campaign, text: str) -> Centre | None:
    """The centre of that id, name or alias; None when there is none or more than one.

    Spaces, full or half width, the university's name in front and the suffix 学习中心 or 学院 make no difference.
    """
    found = campaign.spellings.find(text)
    if found is None and campaign.institution:
        found = campaign.spellings.find(spelling(text).removeprefix(spelling(campaign.institution)))
    return campaign.centre(found) if found else None


def windows_of(campaign: Campaign, centre_id: str) -> tuple[tuple[Session, Window], ...]:
    """The centre's own windows with their sessions, in order of time; without the make-up window."""
    return campaign.windows.get(centre_id, ())


def makeup_window(campaign: Campaign) -> tuple[Session, Window] | None:
    """The last window that belongs to every centre (零星), with its session; None when there is none."""
    found = windows_of(campaign, EVERY_CENTRE)
    return found[-1] if found else None


def next_makeup(campaign: Campaign, now: datetime) -> tuple[Session, Window] | None:
    """The first window of every centre that is not over, with its session; `now` is campaign time."""
    found = windows_of(campaign, EVERY_CENTRE)
    return next((pair for pair in found if pair[1].end > now), None)
