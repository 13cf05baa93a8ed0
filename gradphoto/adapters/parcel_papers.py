"""The papers outside of parcels as PDF: a label for each (100 × 150 mm), and the list that the courier signs (A4).

Whatever is drawn here was masked before; nothing on them names a student.
"""

from collections.abc import Sequence

from gradphoto.adapters.barcode import barcode
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.paper import Paper
from gradphoto.slip import CONTENT, Label

LABEL = (100.0, 150.0)
A4 = (210.0, 297.0)
ROWS = 30
"""Parcels of a page of the list."""
_COLUMNS = (
    (0.0, 10.0, "序号"),
    (10.0, 46.0, "内部包裹号"),
    (57.0, 36.0, "运单号"),
    (94.0, 38.0, "教学点"),
    (133.0, 15.0, "收件人"),
    (149.0, 23.0, "电话"),
    (173.0, 9.0, "人数"),
)
"""Left edge and width of each column, in millimetres."""


def labels(found: Sequence[Label], letters: Lettering) -> bytes:
    """A page for each parcel, in the order given."""
    paper = Paper(*LABEL, letters, "外箱标签")
    for one in found:
        paper.page()
        _label(paper, one)
    return paper.close()


def _label(paper: Paper, one: Label) -> None:
    paper.box(3, 3, 94, 144, 0.5)
    barcode(paper, one.number, 5, 8, 90, 24)
    paper.middle(one.number, 50, 33, 5.4, 88)
    paper.line(3, 42, 97, 0.4)
    paper.text(one.centre, 7, 46, 8.4, 86)
    for at, words in enumerate((f"{one.contact}　{one.phone}", *paper.broken(one.address, 4.6, 86))):
        paper.text(words, 7, 57 + at * 6.6, 4.6, 86)
    paper.line(3, 106, 97, 0.4)
    paper.text(f"内件：{CONTENT}　{one.prints} 人　1 件", 7, 109, 4.6, 86)
    paper.text(f"运单号：{one.waybill or '________________________'}", 7, 117, 4.6, 86)
    paper.line(3, 127, 97, 0.4)
    paper.text("寄件", 7, 130, 3.6)
    paper.text(one.sender, 7, 135.5, 4, 86)


def handed_to_courier(title: str, found: Sequence[Label], letters: Lettering) -> bytes:
    """The list of all parcels that are handed over at one time, with lines for both signatures."""
    paper = Paper(*A4, letters, title)
    pages = max(1, -(-len(found) // ROWS))
    for page in range(pages):
        paper.page()
        paper.middle(title, A4[0] / 2, 14, 6.4, 182)
        _rows(paper, found, page * ROWS)
        _signatures(paper, f"共 {len(found)} 件　第 {page + 1} 页 / 共 {pages} 页")
    return paper.close()


def _rows(paper: Paper, found: Sequence[Label], start: int) -> None:
    _cells(paper, [title for _, _, title in _COLUMNS], 30)
    paper.line(14, 35.5, 196, 0.4)
    for at, one in enumerate(found[start : start + ROWS]):
        top = 37.5 + at * 7.4
        phone, prints = one.phone, str(one.prints)
        _cells(paper, [str(start + at + 1), one.number, one.waybill, one.centre, one.contact, phone, prints], top)
        paper.line(14, top + 5.4, 196, 0.1)


def _cells(paper: Paper, cells: Sequence[str], top: float) -> None:
    for (left, width, _), words in zip(_COLUMNS, cells, strict=True):
        paper.text(words, 14 + left, top, 3.4, width - 1)


def _signatures(paper: Paper, foot: str) -> None:
    paper.text("交件人：____________________　日期：____________________", 14, 268, 4)
    paper.text("揽收人：____________________　日期：____________________", 14, 276, 4)
    paper.middle(foot, A4[0] / 2, 286, 3.3)
