"""Where a night differs from the truth of its demo.

Which of two good frames of one student is delivered is a matter of taste, so either will do.
"""

from collections.abc import Iterator

from gradphoto.demo.truth import Expected, Truth
from gradphoto.matching.entry import Entry
from gradphoto.matching.ledger import Ledger
from gradphoto.states import FILE_WORDS, STUDENT_WORDS, FileState, StudentState

_GOOD = (FileState.DELIVERED, FileState.SUPERSEDED)


def differences(truth: Truth, ledger: Ledger) -> list[str]:
    """A Chinese line for each file and student that is not as it must be."""
    found = {(entry.original.session, entry.original.path): entry for entry in ledger.entries}
    wanted = {file.place: file for file in truth.files}
    lines = [f"{session}/{path}：未收入" for session, path in sorted(wanted.keys() - found.keys())]
    lines += [f"{session}/{path}：不在清单中" for session, path in sorted(found.keys() - wanted.keys())]
    for place in sorted(wanted.keys() & found.keys()):
        lines += [f"{'/'.join(place)}：{why}" for why in _file(wanted[place], found[place])]
    return [*lines, *_students(truth, ledger)]


def _file(wanted: Expected, found: Entry) -> Iterator[str]:
    either = wanted.state in _GOOD and found.state in _GOOD
    if found.state is not wanted.state and not either:
        reasons = "；".join(reason.text for reason in found.reasons)
        yield f"应为{FILE_WORDS[wanted.state]}，实为{FILE_WORDS[found.state]}{reasons and f'（{reasons}）'}"
    elif wanted.reason and wanted.reason not in [reason.code for reason in found.reasons]:
        yield f"原因应有 {wanted.reason}，实为 {' '.join(reason.code for reason in found.reasons) or '无'}"
    if found.student_no != wanted.student_no and (either or found.student_no):
        yield f"应属 {wanted.student_no}，实归 {found.student_no}"


def _students(truth: Truth, ledger: Ledger) -> Iterator[str]:
    found = {number: each.state for number, each in ledger.students.items()}
    for number in sorted(truth.students.keys() | found.keys()):
        wanted, state = truth.students.get(number), found.get(number)
        if wanted is not state:
            yield f"学生 {number}：应为{_word(wanted)}，实为{_word(state)}"


def _word(state: StudentState | None) -> str:
    return STUDENT_WORDS[state] if state else "不在名册"
