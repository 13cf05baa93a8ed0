"""What of a night is worth showing: sittings with their portraits, and every portrait by centre."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from zipfile import ZipFile

from gradphoto.adapters.bag import PHOTOS
from gradphoto.adapters.imaging.contact_sheet import Portrait, Strip, contact_sheet, from_card_to_bundle
from gradphoto.adapters.store import Store, fetch
from gradphoto.bundle import Delivery
from gradphoto.matching.entry import Entry
from gradphoto.packed import Packed
from gradphoto.states import FileState

SHEET, STORY = "contact-sheet.png", "from-card-to-bundle.png"
_SOME = 6
"""How many sittings are shown."""
_OF_A_SITTING = (FileState.DELIVERED, FileState.SUPERSEDED)


def pictures(
    store: Store, entries: Iterable[Entry], bundles: Collection[Packed], folder: Path
) -> dict[str, bytes]:
    """The PNGs by name, of the bundles' zips in a folder; none while no sitting is worth showing.

    `entries` are the files of some sessions in order of path.
    """
    paths = {folder / Path(packed.path).name: packed for packed in bundles}
    groups = {path.stem: list(_portraits(path, packed)) for path, packed in paths.items()}
    shown = {one.caption: one for group in groups.values() for one in group}
    deliveries = {one.source_sha256: one for packed in bundles for one in packed.deliveries}
    strips = [_strip(run, store, deliveries, shown) for run in _some(_runs(entries))]
    if not strips:
        return {}
    return {SHEET: contact_sheet(strips, groups), STORY: from_card_to_bundle(strips)}


def _portraits(path: Path, packed: Packed) -> Iterator[Portrait]:
    with ZipFile(path) as archive:
        for delivery in packed.deliveries:
            yield Portrait(archive.read(f"{path.stem}/{PHOTOS}{delivery.file}"), delivery.student_no)


def _runs(entries: Iterable[Entry]) -> list[list[Entry]]:
    runs: list[list[Entry]] = []
    for entry in entries:
        if entry.state is FileState.SLATE:
            runs.append([entry])
        elif runs and entry.student_no == runs[-1][0].student_no:
            runs[-1].append(entry)
    return runs


def _some(runs: Iterable[list[Entry]]) -> list[list[Entry]]:
    """A few, the first and the last among them and the others evenly between."""
    telling = [run for run in runs if _telling(run)]
    if len(telling) <= _SOME:
        return telling
    return [telling[round(place * (len(telling) - 1) / (_SOME - 1))] for place in range(_SOME)]


def _telling(run: list[Entry]) -> bool:
    states = [entry.state for entry in run[1:]]
    return len(run) == 3 and FileState.DELIVERED in states and set(states) <= set(_OF_A_SITTING)


def _strip(
    run: list[Entry], store: Store, deliveries: Mapping[str, Delivery], shown: Mapping[str, Portrait]
) -> Strip:
    digests = [entry.original.sha256 for entry in run]
    frames = tuple(fetch(store, "originals", digest) for digest in digests)
    (chosen,) = (index for index, entry in enumerate(run) if entry.state is FileState.DELIVERED)
    delivery = deliveries[digests[chosen]]
    crop = (delivery.left, delivery.top, delivery.right, delivery.bottom)
    return Strip(frames, chosen, crop, shown[delivery.student_no])
