"""What a campaign says of planning: how a window is divided into slots, and what must be ready at a venue."""

from typing import Literal

from pydantic import Field

from config.frozen import Frozen


class SlotRules(Frozen):
    """How windows are divided (分时分段), as long as nothing better is known."""

    minutes: int = Field(default=15, ge=5, le=120)
    """Longest slot. Where the waiting area cannot hold so many students it is shorter."""
    rate: float = Field(default=90, gt=0, le=3600, allow_inf_nan=False)
    """Students an hour before any session was measured; 90 is 40 seconds each, about what sessions came to."""


class ChecklistItem(Frozen):
    """One thing that somebody signs for before a session."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    text: str = Field(min_length=1)
    """What must be so, as people read it."""
    requirement: str = ""
    """The number of the sentence of the notice that it serves, among the campaign's `requirements`."""
    source: str = ""
    """Where the notice asks for it when that is no numbered sentence."""
    per: Literal["session", "centre"] = "session"
    """Signed for once a session, or by each of its centres."""
    only: Literal["always", "inferred"] = "always"
    """`inferred`: only where the notice left the date or the venue to a merged cell."""
    asks: Literal["", "phone"] = ""
    """`phone`: the signature must come with a telephone number."""
    days: int = Field(default=0, ge=0, le=60)
    """So many days before the session it must be done; 0: on the day."""
