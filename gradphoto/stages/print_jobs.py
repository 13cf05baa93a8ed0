"""What each print is made of: its original and its own crop, or why a student of the bundle gets none."""

from typing import NamedTuple

from config.spec import Spec
from gradphoto.adapters.imaging.render import cut
from gradphoto.adapters.limits import patience
from gradphoto.adapters.print_sheets import print_jpeg
from gradphoto.adapters.store import Store, fetch
from gradphoto.bundle import Delivery
from gradphoto.discrepancy import Discrepancy
from gradphoto.geometry import Crop, solve
from gradphoto.packed import Packed
from gradphoto.reading import Reading
from gradphoto.stages.barred import Barred
from gradphoto.stages.season import Season


class Job(NamedTuple):
    """A picture to be cut for a print."""

    reading: Reading
    crop: Crop


class Orders:
    """A bundle's deliveries as jobs; `spec` is that of the print."""

    def __init__(self, store: Store, season: Season, packed: Packed, spec: Spec) -> None:
        self._season, self._spec = season, spec
        self._barred = Barred(store, season, packed)

    def job(self, delivery: Delivery) -> Job | Discrepancy:
        """How the print of a delivery is made, or why it must not or cannot be."""
        barred = self._barred.why(delivery.student_no, delivery.source_sha256)
        if barred:
            return barred
        reading = self._season.readings.get(delivery.source_sha256)
        if reading is None or reading.face is None:  # read by another release, and not again since
            return Discrepancy(code="not-read")
        crop = solve(reading.face, reading.width, reading.height, self._spec)
        return Job(reading, crop) if isinstance(crop, Crop) else crop


def make_picture(store: Store, spec: Spec, job: Job) -> bytes | Discrepancy:
    """The picture of a print as JPEG; `StoreTrouble` when its original is lost or damaged. For a worker."""
    data = fetch(store, "originals", job.reading.sha256)
    try:
        with patience():
            image = cut(data, job.reading, job.crop, spec)
    except (OSError, ImportError):
        raise  # the machine's fault or the installation's
    except Exception as trouble:  # an odd picture that nobody thought of costs itself, not the centre
        return Discrepancy(code="reader-died", detail=type(trouble).__name__)
    return image if isinstance(image, Discrepancy) else print_jpeg(image, spec.dpi)
