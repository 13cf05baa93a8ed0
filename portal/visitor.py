"""Who asks: a centre or an operator, by which invite, and whether from a page or from a program."""

from typing import NamedTuple

from gradphoto.invites import OPERATOR


class Visitor(NamedTuple):
    """Somebody whose token or seat is good."""

    who: str
    """What the access log and records call them: the number of their invite, or `start`."""
    centre: str
    """Whose pages they may see; `OPERATOR`: the operator's."""
    seat: str = ""
    """Tells this sign-in from others; empty for a program, which shows its token each time."""

    @property
    def operator(self) -> bool:
        """Whether everything of the office is theirs to see."""
        return self.centre == OPERATOR
