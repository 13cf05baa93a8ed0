"""Binding from screenshots that students sent beforehand, each named by its student. Pure.

Whatever is in doubt is listed and binds nobody: a picture without a code, or with two; a name that says nobody of
this session, or two; a code or a student that anything else speaks for otherwise, be it another doubtful picture.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from config.frozen import Frozen
from gradphoto.desk.code import code_trouble
from gradphoto.kit import Kit
from gradphoto.screenshot_names import Named, who


class Screenshot(Frozen):
    """What is in one picture of the folder; `trouble` says in Chinese why it could not be read."""

    path: str
    """Relative, with `/`, in its safe form."""
    codes: tuple[str, ...] = ()
    unreadable: bool = False
    """Whether there is a code that could not be read."""
    trouble: str = ""


class Pair(Frozen):
    """A code, whose it is, and the picture that says so."""

    path: str
    code: str
    student_no: str


class Doubt(Frozen):
    """A picture that binds nobody, and why; `student_no` is empty where its name says none."""

    path: str
    student_no: str = ""
    reason: str


class Batch(Frozen):
    """What a folder of screenshots comes to, each part in the order of the pictures."""

    new: tuple[Pair, ...]
    known: tuple[Pair, ...]
    """Bound already, by the roster, a desk or another picture of the same."""
    doubts: tuple[Doubt, ...]


Pairs = Iterable[tuple[str, str]]
"""Codes with student numbers."""


def bind_batch(shots: Sequence[Screenshot], kit: Kit, words: Sequence[str] = ()) -> Batch:
    """Who is bound by these pictures; `words` are names of places, which file names hold beside people's."""
    named = [who(shot.path, kit.students, words) for shot in shots]
    said = _Said(
        (code, no) for shot, one in zip(shots, named, strict=True) for code in shot.codes for no in one.all
    )
    roster = ((student.capture_code, no) for no, student in kit.students.items() if student.capture_code)
    before = _Said([*roster, *((one.code, one.student_no) for one in kit.bound)])
    new: dict[tuple[str, str], Pair] = {}
    known: list[Pair] = []
    doubts: list[Doubt] = []
    for shot, one in zip(shots, named, strict=True):
        reason = next(_doubts(shot, one, kit, said, before), "")
        if reason:
            doubts.append(Doubt(path=shot.path, student_no=one.student_no, reason=reason))
            continue
        pair = Pair(path=shot.path, code=shot.codes[0], student_no=one.student_no)
        if (pair.code, pair.student_no) in before.pairs or (pair.code, pair.student_no) in new:
            known.append(pair)
        else:
            new[pair.code, pair.student_no] = pair
    return Batch(new=tuple(new.values()), known=tuple(known), doubts=tuple(doubts))


class _Said:
    """Bindings, from both sides."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = frozenset(pairs)
        self.students: dict[str, set[str]] = defaultdict(set)
        self.codes: dict[str, set[str]] = defaultdict(set)
        for code, student_no in self.pairs:
            self.students[code].add(student_no)
            self.codes[student_no].add(code)


def _doubts(shot: Screenshot, named: Named, kit: Kit, said: _Said, before: _Said) -> Iterator[str]:
    """Every reason not to bind, the plainest first."""
    if shot.trouble:
        yield shot.trouble
    if named.trouble:
        yield named.trouble
    if len(shot.codes) > 1:
        yield f"图里有 {len(shot.codes)} 个二维码，分不清哪个是采集码：请学生只截采集码"
    if not shot.codes:
        yield "有二维码但读不出：请学生重新截图" if shot.unreadable else "没有二维码：请学生重新截图"
        return
    code, no = shot.codes[0], named.student_no
    if code_trouble(code, kit.students):
        yield "二维码的内容不是采集码：请学生截学信网的采集码"
    yield from _conflicts(code, no, said, before)


def _conflicts(code: str, no: str, said: _Said, before: _Said) -> Iterator[str]:
    if others := said.students[code] - {no}:
        yield f"同一个采集码也见于 {'、'.join(sorted(others))} 的截图：请逐个核对"
    if said.codes[no] - {code}:
        yield "这名学生的截图里有不同的采集码：请学生确认用哪一个"
    if others := before.students[code] - {no}:
        yield f"这个采集码已绑定给 {'、'.join(sorted(others))}：请核对"
    if before.codes[no] - {code}:
        yield "这名学生已绑定另一个采集码：请核对"
