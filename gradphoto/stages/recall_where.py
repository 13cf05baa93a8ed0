"""Where the pictures of a recall went: bundle versions, downloads, parcels. Read only."""

from collections.abc import Iterable

from config.frozen import Frozen
from gradphoto.adapters.store import Store
from gradphoto.decision import Decision, Standing
from gradphoto.downloads import downloads
from gradphoto.exports import exports
from gradphoto.original import Digest
from gradphoto.packed import Packed
from gradphoto.recall import wrong
from gradphoto.shipping import NOTHING, progress
from gradphoto.stages.recall import Versions, every_version
from gradphoto.stages.releases import parcels, sheets
from gradphoto.stages.season import Season
from gradphoto.stages.shipping import events


class Held(Frozen):
    """A bundle version that holds a frozen picture, and when it was downloaded."""

    centre: str
    version: int
    blocked: bool
    downloads: tuple[str, ...]


class Sent(Frozen):
    """A parcel that carries its print; `sheet` is the number of its courier sheet, 0 before it is on one."""

    number: str
    centre: str
    sheet: int
    waybill: str = ""
    stands: str = ""
    """In Chinese the last thing that happened to it, such as 已封箱."""


class Taken(Frozen):
    """An export that carries it: to which system it went its profile says."""

    number: int
    profile: str
    file: str
    at: str


class Recalled(Frozen):
    """A frozen picture under one student's number, and where it went; nobody's when it was never delivered."""

    sha256: Digest
    session: str
    path: str
    student_no: str | None
    centre: str | None
    versions: tuple[Held, ...] = ()
    parcels: tuple[Sent, ...] = ()
    exports: tuple[Taken, ...] = ()
    print_again: bool = False
    """Whether its print went to the courier."""


def where(store: Store, season: Season, recall: Decision) -> list[Recalled]:
    """Each frozen picture of a recall, once for every student whose it is or under whom it went out."""
    places = {one.sha256: one for one in season.captures}
    owners = {match.sha256: match.students for match in season.matches}
    versions = every_version(store, season)
    gone = _Gone(store, versions, season.standing)
    rows = []
    for sha256 in sorted(recall.captures, key=lambda one: (places[one].place if one in places else (), one)):
        under = {
            one.student_no
            for packed in gone.of(sha256)
            for one in packed.deliveries
            if one.source_sha256 == sha256
        }
        for no in sorted(under.union(owners.get(sha256, ()))) or (None,):
            rows.append(gone.row(sha256, no, season))
    return rows


class _Gone:
    """Everything that left the house, looked up by picture."""

    def __init__(self, store: Store, versions: Versions, said: Standing) -> None:
        self._versions, self._said = versions, said
        self._downloads, self._parcels, self._sheets = downloads(store), parcels(store), sheets(store)
        self._far = progress(events(store))
        self._exports = exports(store)

    def of(self, sha256: Digest) -> list[Packed]:
        every = (packed for packs in self._versions.values() for packed in packs)
        return [packed for packed in every if any(one.source_sha256 == sha256 for one in packed.deliveries)]

    def row(self, sha256: Digest, no: str | None, season: Season) -> Recalled:
        place = next((one for one in season.captures if one.sha256 == sha256), None)
        student = season.inputs.register.students.get(no or "")
        sent = tuple(self._sent(no, sha256))
        return Recalled(
            sha256=sha256,
            session=place.session if place else "",
            path=place.path if place else "",
            student_no=no,
            centre=student.centre if student else None,
            versions=tuple(self._held(packed) for packed in self.of(sha256) if _delivers(packed, no, sha256)),
            parcels=sent,
            exports=tuple(self._taken(no, sha256)),
            print_again=any(one.sheet for one in sent if not self._cancelled(one)),
        )

    def _cancelled(self, one: Sent) -> bool:
        return self._far.get(one.number, NOTHING).cancelled

    def _held(self, packed: Packed) -> Held:
        at = (one.at for one in self._downloads if (one.centre, one.version) == (packed.centre, packed.version))
        blocked = bool(wrong(packed, self._versions[packed.centre][-1], self._said))
        return Held(centre=packed.centre, version=packed.version, blocked=blocked, downloads=tuple(at))

    def _sent(self, no: str | None, sha256: Digest) -> Iterable[Sent]:
        for one in self._parcels:
            if any((item.student_no, item.source) == (no, sha256) for item in one.prints):
                far = self._far.get(one.number, NOTHING)
                yield Sent(
                    number=one.number,
                    centre=one.centre,
                    sheet=self._sheets.get(one.number, 0),
                    waybill=far.waybill,
                    stands=far.word,
                )

    def _taken(self, no: str | None, sha256: Digest) -> Iterable[Taken]:
        for number, one in self._exports.items():
            if any((photo.student_no, photo.source) == (no, sha256) for photo in one.photos):
                yield Taken(number=number, profile=one.profile, file=one.file, at=one.at)


def _delivers(packed: Packed, no: str | None, sha256: Digest) -> bool:
    return any((one.student_no, one.source_sha256) == (no, sha256) for one in packed.deliveries)
