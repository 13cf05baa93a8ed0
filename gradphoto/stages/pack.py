"""Pack: a centre's portraits so far as its next bundle, if they differ from the newest one.

The zip takes the version by exclusive create and the record of it follows; whoever finds a zip without
its record, after a crash, writes the record from the zip. Whoever loses a version reads the winner's and
begins again, so two runs at once come to one version.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gradphoto.adapters.bag import read_contents, write_bag
from gradphoto.adapters.imaging.tags import Tags, tag
from gradphoto.adapters.store import DamagedObject, Store, digest, digest_file
from gradphoto.bundle import Absent, Contents, Delivery, bundle_name, changes, differs
from gradphoto.packed import Packed, journal, newest
from gradphoto.purges import purged
from gradphoto.stages.journals import look_name
from gradphoto.stages.portraits import portrait_key
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import load_season
from gradphoto.stages.snapshot import newest_snapshot
from gradphoto.states import StudentState
from gradphoto.versions import RECIPE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What packing one centre came to; `made` is false when the newest bundle says it all already."""

    packed: Packed | None
    made: bool


def bundle_key(centre: str, version: int) -> str:
    """Where a bundle stands in the store."""
    return f"bundles/{centre}/{bundle_name(centre, version)}.zip"


def pack(store: Store, snapshot: int, centre: str) -> Outcome:
    """Bring a centre's bundle up to date; inputs older than the newest bundle's give way to those.

    A purged centre gets no bundle any more.
    """
    while centre not in purged(store).centres:
        before = _recorded(store, centre)
        season = load_season(store, max(snapshot, before.snapshot if before else 0))
        contents = contents_of(store, season, centre, before)
        if (before is None and not contents.deliveries) or not differs(before, contents):
            return Outcome(before, made=False)
        if _publish(store, season, contents):
            return Outcome(_recorded(store, centre), made=True)
    return Outcome(None, made=False)


def contents_of(store: Store, season: Season, centre: str, before: Packed | None) -> Contents:
    """What the centre's next bundle holds."""
    version = before.version + 1 if before else 1
    deliveries = list(deliveries_of(store, season, centre))
    campaign = season.inputs.campaign
    return Contents(
        centre=centre,
        centre_name=campaign.centre(centre).name,
        version=version,
        institution=campaign.institution,
        campaign=campaign.id,
        inputs=season.digest,
        deliveries=tuple(deliveries),
        absent=tuple(_absent(season, centre, {delivery.student_no for delivery in deliveries})),
        changes=changes(before.deliveries if before else None, deliveries),
    )


def deliveries_of(store: Store, season: Season, centre: str) -> Iterator[Delivery]:
    """A centre's portraits as its next bundle holds them, by student number, as far as they are rendered."""
    register, spec = season.inputs.register.students, season.inputs.spec
    for student_no, candidate in season.chosen_by_centre.get(centre, {}).items():
        render = season.renders.get(candidate.match.sha256)
        if render is None or render.crop is None:
            continue
        jpeg = _tagged(store, season, student_no)
        crop = render.crop
        yield Delivery(
            student_no=student_no,
            name=register[student_no].name,
            file=season.photo_name(student_no),
            sha256=digest(jpeg),
            source_sha256=candidate.match.sha256,
            session=candidate.match.classified.frame.original.session,
            captured_at=season.readings[candidate.match.sha256].taken or "",
            width=spec.width,
            height=spec.height,
            bytes=len(jpeg),
            left=crop.left,
            top=crop.top,
            right=crop.right,
            bottom=crop.bottom,
            scale=crop.scale,
            quality=render.quality,
            spec=spec.id,
            recipe=RECIPE,
        )


def _tagged(store: Store, season: Season, student_no: str) -> bytes:
    source = season.chosen[student_no].match.sha256
    render, spec, delivery = season.renders[source], season.inputs.spec, season.inputs.delivery
    key = portrait_key(look_name(season.inputs), source)
    pixels = store.read(key)
    if digest(pixels) != render.sha256:
        raise DamagedObject(f"{key}: the bytes are not what the record says")
    tags = Tags(
        student_no=student_no,
        recipe=RECIPE,
        spec_id=spec.id,
        source_sha256=source,
        taken=season.readings[source].taken,
        artist=delivery.artist,
        copyright=delivery.copyright,
        dpi=spec.dpi,
    )
    return tag(pixels, tags, spec.bytes_max)


def _absent(season: Season, centre: str, delivered: set[str]) -> Iterator[Absent]:
    """The centre's students without a portrait; who is not to be photographed is named too, with why."""
    for each in season.unpacked.of_centre(centre):
        if each.student.student_no not in delivered:
            reasons = tuple(reason.said for reason in each.reasons)
            state = StudentState.MISSING if each.state is StudentState.DELIVERED else each.state
            yield Absent(student_no=each.student.student_no, name=each.student.name, state=state, reasons=reasons)


def _publish(store: Store, season: Season, contents: Contents) -> bool:
    """Make the zip and take its version; False when somebody else took it."""
    with TemporaryDirectory(prefix="gradphoto-") as folder:
        path = Path(folder) / f"{contents.name}.zip"
        with path.open("xb") as file:
            write_bag(file, contents, lambda delivery: _tagged(store, season, delivery.student_no))
        key = bundle_key(contents.centre, contents.version)
        if not store.create_from(key, path):
            return False
        _record(store, season.inputs.number, contents, path)
        return True


def _record(store: Store, snapshot: int, contents: Contents, path: Path) -> None:
    packed = Packed(
        centre=contents.centre,
        version=contents.version,
        path=bundle_key(contents.centre, contents.version),
        sha256=digest_file(path),
        bytes=path.stat().st_size,
        inputs=contents.inputs,
        snapshot=snapshot,
        deliveries=contents.deliveries,
        absent=contents.absent,
    )
    journal(store, contents.centre).take(contents.version, packed.to_lines())


def _recorded(store: Store, centre: str) -> Packed | None:
    """The newest bundle with its record, which is made from the zip when that has none yet.

    A crash kept it from being written, or another run is about to. Of which inputs the zip was made is not in it,
    so the newest are named: older ones than its own would let a run with older inputs publish over it.
    """
    before = newest(store, centre)
    version = (before.version if before else 0) + 1
    key = bundle_key(centre, version)
    if not store.exists(key):
        return before
    with TemporaryDirectory(prefix="gradphoto-") as folder:
        path = Path(folder) / f"{bundle_name(centre, version)}.zip"
        store.copy_to(key, path)
        deliveries, absent, inputs = read_contents(path)
        packed = Packed(
            centre=centre,
            version=version,
            path=key,
            sha256=digest_file(path),
            bytes=path.stat().st_size,
            inputs=inputs,
            snapshot=newest_snapshot(store),
            deliveries=deliveries,
            absent=absent,
        )
    journal(store, centre).take(version, packed.to_lines())
    return newest(store, centre)
