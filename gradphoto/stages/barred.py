"""What was said of a picture since it was packed: it stands in a bundle, and must not go out by any other way."""

from gradphoto.adapters.store import Store
from gradphoto.discrepancy import PEOPLE, RECALLED, REJECTED, WITHDRAWN, Discrepancy
from gradphoto.original import Digest
from gradphoto.packed import Packed
from gradphoto.stages.blocked import wrong_in
from gradphoto.stages.season import Season


class Barred:
    """Asked for the pictures of one bundle version."""

    def __init__(self, store: Store, season: Season, packed: Packed) -> None:
        self._season = season
        self._wrong = {one.source_sha256 for one in wrong_in(store, packed)}

    def why(self, student_no: str, source: Digest) -> Discrepancy | None:
        """Why the student's picture made from that original must not go out; None when it may."""
        if student_no in self._season.withdrawn or source in self._season.purged.dead:
            return Discrepancy(code=WITHDRAWN)
        if source in self._wrong:
            return Discrepancy(code=RECALLED)
        if source in self._season.standing.rejected:
            return Discrepancy(code=REJECTED)
        weighed = self._season.candidates.get(source)
        said = weighed.troubles if weighed else ()
        return next((trouble for trouble in said if trouble.code in PEOPLE), None)
