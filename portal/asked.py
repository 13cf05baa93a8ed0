"""What the pages post: parsed once here, refused when it is anything else."""

from typing import Annotated, Literal

from pydantic import Field

from config.frozen import Frozen
from gradphoto.decision import Act
from gradphoto.stages.review import What, admitting, assigning, choosing, holding, rejecting, undoing
from gradphoto.stages.season import Season

Words = Annotated[str, Field(max_length=400)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$")]
"""What tells a decision from the same one sent twice."""


class Asked(Frozen):
    """A decision that somebody asked for; `after` is the last one that their page had heard of."""

    key: Key
    after: int = Field(ge=0)
    act: Act
    capture: Sha256 | Literal[""] = ""
    student_no: Words = ""
    reason: Words = ""
    without_code: bool = False
    undone: int = 0

    def what(self, season: Season) -> What:
        """The decision's fields; `Refused` as on the command line."""
        match self.act:
            case Act.ASSIGN:
                return assigning(season, self.capture, self.student_no, self.without_code)
            case Act.CHOOSE:
                return choosing(season, self.capture)
            case Act.REJECT:
                return rejecting(season, self.capture, self.reason)
            case Act.HOLD:
                return holding(season, self.capture, self.reason)
            case Act.ADMIT:
                return admitting(season, self.student_no, self.reason)
        return undoing(self.after, self.undone)


class Search(Frozen):
    """Words of a student's number or name."""

    words: Words


class PageSeen(Frozen):
    """A page of a centre's portraits that somebody had before them; `portraits` is the digest of them all."""

    portraits: Sha256
    page: int = Field(ge=0)
