"""Whether a manifest agrees with its bundles and parcels, counted anew and apart from it. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from gradphoto.consign import Manifest
from gradphoto.consignment import Consignment
from gradphoto.courier import COLUMNS
from gradphoto.packed import Packed
from gradphoto.parcels import Parcel, Print, by_centre

ORDER, QUANTITY = COLUMNS.index("用户订单号"), COLUMNS.index("托寄物数量")

Bundle = Callable[[str, int], Packed]
"""The bundle of a centre's id and a version."""


def reconcile(
    manifest: Manifest,
    newest: Mapping[str, Packed],
    bundle: Bundle,
    parcels: Sequence[Parcel],
    sheeted: Collection[str],
) -> list[str]:
    """One Chinese line for each disagreement; none when everything adds up.

    `newest`, `parcels` and `sheeted` are what the manifest was made from, `bundle` reads any version.
    """
    return [
        *(line for row in manifest.rows for line in _row(row, bundle)),
        *_centres(manifest, newest, parcels, sheeted),
        *_sheet(manifest, sheeted),
        *_parcels(parcels, bundle),
    ]


def _row(row: Consignment, bundle: Bundle) -> list[str]:
    name, lines = row.centre.name, []
    portraits = len(bundle(row.centre.id, row.version).deliveries)
    if portraits != row.portraits:
        lines.append(f"{name}：人数{row.portraits}，照片包第{row.version}版却有{portraits}张照片")
    if row.sending > row.portraits:
        lines.append(f"{name}：本次寄件人数{row.sending}多于人数{row.portraits}")
    return lines


def _centres(
    manifest: Manifest, newest: Mapping[str, Packed], parcels: Sequence[Parcel], sheeted: Collection[str]
) -> list[str]:
    """Every centre's newest portraits went earlier, go now, or are still to go."""
    listed: dict[str, list[Consignment]] = {}
    for row in manifest.rows:
        listed.setdefault(row.centre.id, []).append(row)
    lines, going = [], by_centre(parcels)
    for centre, packed in newest.items():
        if centre not in listed:
            lines.append(f"{centre}：有照片包，却不在邮寄清单中")
            continue
        expected = _to_send(packed, going.get(centre, ()), sheeted)
        counted = sum(row.sending for row in listed[centre])
        if counted != expected:
            lines.append(f"{listed[centre][0].centre.name}：本次寄件人数共{counted}，按照片包和包裹应为{expected}")
    return lines


def _to_send(packed: Packed, mine: Sequence[Parcel], sheeted: Collection[str]) -> int:
    waiting = sum(len(parcel.prints) for parcel in mine if parcel.number not in sheeted)
    gone = {(item.student_no, item.source) for parcel in mine for item in parcel.prints}
    here = [(delivery.student_no, delivery.source_sha256) for delivery in packed.deliveries]
    return waiting or sum(item not in gone for item in here)


def _sheet(manifest: Manifest, sheeted: Collection[str]) -> list[str]:
    """A parcel is on the courier sheet once, with as many prints as the mailing list says."""
    sheet = manifest.courier
    times = Counter(cells[ORDER] for cells in sheet)
    lines = [f"包裹{number}在快递导入表上出现{count}次" for number, count in times.items() if count > 1]
    lines += [f"包裹{number}已在此前的快递导入表上" for number in times if number in sheeted]
    on_sheet = sum(int(cells[QUANTITY]) for cells in sheet)
    listed = sum(row.sending for row in manifest.rows if row.goes)
    if on_sheet != listed:
        lines.append(f"快递导入表共{on_sheet}份照片，邮寄清单为{listed}份")
    return lines


def _parcels(parcels: Sequence[Parcel], bundle: Bundle) -> list[str]:
    """A print is in one parcel, and in the bundle that its parcel was released from."""
    lines: list[str] = []
    first: dict[tuple[str, Print], str] = {}
    for parcel in parcels:
        deliveries = bundle(parcel.centre, parcel.version).deliveries
        held = {(delivery.student_no, delivery.source_sha256) for delivery in deliveries}
        for item in parcel.prints:
            other = first.setdefault((parcel.centre, item), parcel.number)
            if other != parcel.number:
                lines.append(f"学号{item.student_no}的照片同时在包裹{other}和{parcel.number}中")
            if (item.student_no, item.source) not in held:
                lines.append(f"包裹{parcel.number}：学号{item.student_no}的照片不在照片包第{parcel.version}版中")
    return lines
