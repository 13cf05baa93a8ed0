"""The handover slip (交接单) as PDF, A4: which files were given to a centre by hand, with both signatures.

It names no student. Whoever receives the files compares the sha256.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.paper import Paper

WIDTH, HEIGHT = 210.0, 297.0
"""Millimetres of A4."""
_SIDE = 20.0
TERMS = (
    "一、以上文件含毕业生照片和姓名、学号，属个人信息，只供接收单位办理毕业生学历电子注册图像核对使用。",
    "二、接收人已当面核对文件名、大小和校验值（sha256），与本单一致。",
    "三、接收单位妥善保管存储介质，不转交他人；用毕及时删除，存储介质另行清除。",
    "四、本单一式两份，双方各执一份。",
)


class Handover(NamedTuple):
    """What the slip says: its title, then a row for each thing as label and value."""

    title: str
    rows: tuple[tuple[str, str], ...]


def handover_slip(found: Handover, letters: Lettering) -> bytes:
    """The slip; dates and names are written by hand. The same handover makes the same bytes."""
    paper = Paper(WIDTH, HEIGHT, letters, found.title)
    paper.page()
    paper.middle(found.title, WIDTH / 2, 20, 7.6, WIDTH - 2 * _SIDE)
    top = 38.0
    for label, value in found.rows:
        top = _row(paper, label, value, top)
    top = _terms(paper, TERMS, top + 6)
    _signatures(paper, max(top + 10, 200))
    return paper.close()


def _row(paper: Paper, label: str, value: str, top: float) -> float:
    lines = paper.broken(value, 4.4, WIDTH - 2 * _SIDE - 42) or [""]
    height = 3.6 + len(lines) * 6.2
    paper.box(_SIDE, top, 38, height)
    paper.box(_SIDE + 38, top, WIDTH - 2 * _SIDE - 38, height)
    paper.text(label, _SIDE + 2, top + 2.6, 4.4, 34)
    for at, line in enumerate(lines):
        paper.text(line, _SIDE + 41, top + 2.6 + at * 6.2, 4.4)
    return top + height


def _terms(paper: Paper, terms: Sequence[str], top: float) -> float:
    for line in (part for term in terms for part in paper.broken(term, 4.2, WIDTH - 2 * _SIDE)):
        paper.text(line, _SIDE, top, 4.2)
        top += 6.6
    return top


def _signatures(paper: Paper, top: float) -> None:
    for left, who in ((_SIDE, "交付人"), (WIDTH / 2 + 5, "接收人")):
        for at, words in enumerate((f"{who}（签名）", "单位（盖章）", "电话", "日期")):
            paper.text(f"{words}：", left, top + at * 14, 4.4)
            paper.line(left + 30, top + at * 14 + 5.5, left + 78, 0.25)
