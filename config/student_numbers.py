"""How a school numbers its students, as far as it was inferred: what does not fit is a warning, never an error."""

from typing import Literal

from pydantic import Field

from config.frozen import Frozen


class StudentNumbers(Frozen):
    """YY (year of entry), a province, a class of study and a serial: 21 640 012 50001."""

    length: int = Field(ge=1, le=40)
    province: str = Field(default="", pattern=r"^[0-9]{0,6}$")
    """Behind the year; empty: none, or any."""
    levels: dict[str, Literal["undergraduate", "junior"]] = {}
    """By the figures behind the province, all of one length."""
    autumn_from: int | None = Field(default=None, ge=1)
    """Serials from here on were given in autumn; None: nobody knows."""

    @property
    def level_at(self) -> slice:
        """Where the class of study stands."""
        start = 2 + len(self.province)
        return slice(start, start + max(map(len, self.levels), default=0))
