"""The sidecars of tethering programs: found among the tables that the store has taken in, and read."""

from collections.abc import Callable, Collection, Iterable, Mapping

from gradphoto.adapters.sheets import MAX_BYTES
from gradphoto.adapters.store import Store, fetch
from gradphoto.discreet import quoted
from gradphoto.inputs.problems import Held
from gradphoto.inputs.sidecar import is_sidecar, read_sidecar
from gradphoto.matching.bindings import Bindings
from gradphoto.matching.claims import claims_of
from gradphoto.matching.kind import Place, is_picture_name, is_scanlog, is_sheet_name
from gradphoto.matching.sidecars import SidecarRow, Sidecars, about
from gradphoto.original import Digest, Original

Read = tuple[list[SidecarRow], list[Held]]


def load_sidecars(store: Store, recorded: Iterable[Original]) -> tuple[Sidecars, list[Held]]:
    """Every sidecar and the rows of it that are held; `recorded` in the order in which they were taken in.

    Of one that grew the one taken in last counts, and of copies within a session the first.
    """
    return read_sidecars(recorded, lambda original: fetch(store, "originals", original.sha256))


def read_sidecars(
    recorded: Iterable[Original], data_of: Callable[[Original], bytes]
) -> tuple[Sidecars, list[Held]]:
    """The same, wherever their bytes stand."""
    last = {one.place: one for one in recorded if is_sheet_name(one.path) and not is_scanlog(one.path)}
    places: set[Place] = set()
    found: dict[tuple[str, Digest], Read] = {}
    for original in sorted(last.values(), key=lambda one: one.place):
        data = data_of(original) if original.size <= MAX_BYTES else b""
        if is_sidecar(data):
            places.add(original.place)
            found.setdefault((original.session, original.sha256), read_sidecar(data, original.place))
    rows = tuple(row for read, _ in found.values() for row in read)
    return Sidecars(frozenset(places), rows), [each for _, held in found.values() for each in held]


def unplaced(sidecars: Sidecars, originals: Collection[Original], bindings: Bindings) -> list[Held]:
    """The rows that say nothing: of a file that is not there, of one of several, or of nobody in the register."""
    placed = about(sidecars.rows, originals)
    said: Mapping[str, Collection[SidecarRow]] = {
        "没有收到这个文件，请核对文件名，或补收该文件": placed.missing,
        "有不止一张照片是这个名字，请连同文件夹一起写": placed.several,
        "采集码或学号不属于名册中的任何学生，请核对": [
            row for row in sidecars.rows if not claims_of(row, bindings)
        ],
    }
    held = [_held(row, message) for message, rows in said.items() for row in rows]
    return sorted(held, key=lambda each: (each.file, each.row))


def _held(row: SidecarRow, message: str) -> Held:
    named = repr(row.file) if is_picture_name(row.file) else quoted(row.file)
    return Held(file=row.place[2], row=row.number, message=f"{named} {message}")
