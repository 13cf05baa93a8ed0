"""The packing slip (装箱单) as PDF, A4: the parcel's number as a barcode, and whose prints lie in it.

It goes into the parcel, and is scanned beside the waybill before that is closed.
"""

from gradphoto.adapters.barcode import barcode
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.paper import Paper
from gradphoto.slip import Slip

WIDTH, HEIGHT = 210.0, 297.0
"""Millimetres of A4."""
ROWS, ACROSS = 34, 2
"""Students of a page: rows, and how many beside each other."""
_SIDE, _TOP, _PITCH, _LETTER = 14.0, 62.0, 6.1, 3.6
_COLUMNS = ((0.0, "序号"), (12.0, "学号"), (48.0, "姓名"))


def packing_slip(slip: Slip, letters: Lettering) -> bytes:
    """The slip on as many pages as it takes, each with the barcode. The same parcel makes the same bytes."""
    paper = Paper(WIDTH, HEIGHT, letters, f"装箱单 {slip.number}")
    each = ROWS * ACROSS
    pages = max(1, -(-len(slip.people) // each))
    for page in range(pages):
        paper.page()
        _head(paper, slip)
        _list(paper, slip, page * each)
        _foot(paper, page + 1, pages)
    return paper.close()


def _head(paper: Paper, slip: Slip) -> None:
    paper.middle(slip.title, WIDTH / 2, 12, 6, WIDTH - 2 * _SIDE)
    barcode(paper, slip.number, WIDTH - _SIDE - 92, 24, 92, 18)
    paper.middle(slip.number, WIDTH - _SIDE - 46, 43.5, 4.6)
    paper.text("教学点", _SIDE, 25, 3.6)
    paper.text(slip.centre, _SIDE, 30.5, 6.2, 84)
    paper.text(f"{slip.kind}　共 {len(slip.people)} 人　照片包第 {slip.version} 版", _SIDE, 40.5, 4.2, 84)
    note = "请按本单点收；有缺少、重复或照片与本人不符的，请在签收前与采集中心联系"
    paper.text(note, _SIDE, 51, 3.3, WIDTH - 2 * _SIDE)


def _list(paper: Paper, slip: Slip, start: int) -> None:
    half = (WIDTH - 2 * _SIDE) / ACROSS
    for column in range(ACROSS):
        left = _SIDE + column * half
        for offset, words in _COLUMNS:
            paper.text(words, left + offset, _TOP - 5, _LETTER)
    paper.line(_SIDE, _TOP, WIDTH - _SIDE, 0.4)
    for at, (no, name) in enumerate(slip.people[start : start + ROWS * ACROSS]):
        column, row = divmod(at, ROWS)
        left, top = _SIDE + column * half, _TOP + 1.4 + row * _PITCH
        for (offset, _), words in zip(_COLUMNS, (str(start + at + 1), no, name), strict=True):
            paper.text(words, left + offset, top, _LETTER, half - offset - 3)


def _foot(paper: Paper, page: int, pages: int) -> None:
    paper.line(_SIDE, HEIGHT - 24, WIDTH - _SIDE, 0.4)
    paper.text(
        "装箱人：________________　复核人：________________　日期：________________", _SIDE, HEIGHT - 19, 3.8
    )
    paper.middle(f"第 {page} 页 / 共 {pages} 页", WIDTH / 2, HEIGHT - 10, 3.3)
