"""Conservation: nobody and nothing is lost or counted twice. Pure, and counted apart from ledger and status.

Every file that was taken in is in exactly one state, every student of a centre in exactly one, and what is said
to be delivered stands in that centre's newest bundle. A line for people each time it is otherwise.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gradphoto.bundle import Delivery
from gradphoto.matching.entry import Entry
from gradphoto.matching.ledger import Ledger, Standings
from gradphoto.original import Original
from gradphoto.packed import Packed
from gradphoto.states import FileState, StudentState
from gradphoto.status import CentreStatus, SessionStatus, Status


def unbalanced(
    originals: Iterable[Original], ledger: Ledger, status: Status, bundles: Mapping[str, Packed]
) -> list[str]:
    """One Chinese line for each count that does not add up; none when everything does.

    `originals` are those that the records name, each once; `bundles` the newest of each centre; `ledger` and
    `status` were made from them.
    """
    files = list(originals)
    return [
        *_files(files, ledger.entries),
        *_sessions(status.sessions, files),
        *(line for centre in status.centres for line in _centre(centre, ledger)),
        *_delivered_once(ledger),
        *_bundles(status.centres, bundles, ledger),
        *_bundled_once(bundles),
    ]


def _files(originals: Sequence[Original], entries: Iterable[Entry]) -> Iterator[str]:
    """Each original has one entry, and each entry is an original."""
    taken, told = Counter(map(_file, originals)), Counter(_file(entry.original) for entry in entries)
    yield from _by_session("已收的文件没有状态", taken - told)
    yield from _by_session("文件有状态却没有收片记录，或不止一个状态", told - taken)


def _by_session(what: str, found: Counter[tuple[str, ...]]) -> Iterator[str]:
    for session in sorted({file[0] for file in found}):
        files = sorted(file for file in found.elements() if file[0] == session)
        yield f"{session}：{len(files)} 个{what}，首先是 {files[0][1]}/{files[0][2]}"


def _file(original: Original) -> tuple[str, ...]:
    """What tells files apart; a file that changed between two ingests is two."""
    return (*original.place, original.sha256)


def _sessions(sessions: Iterable[SessionStatus], originals: Iterable[Original]) -> Iterator[str]:
    counts = Counter(one.session for one in originals)
    for session in sessions:
        taken, states = counts[session.id], sum(session.states.values())
        if not taken == session.total == states:
            yield f"{session.id}：已收 {taken} 个文件，合计写作 {session.total} 个，各状态之和是 {states} 个"


def _centre(centre: CentreStatus, ledger: Ledger) -> Iterator[str]:
    """The expected are those delivered, pending, rejected and missing, and with the others all there are."""
    students = Counter(each.state for each in ledger.of_centre(centre.id))
    parts = centre.delivered + centre.pending + centre.rejected + centre.missing
    expected = students.total() - students[StudentState.INELIGIBLE] - students[StudentState.WITHDRAWN]
    if not expected == centre.expected == parts:
        yield f"{centre.name}：名册中应采 {expected} 人，写作 {centre.expected} 人，各状态之和是 {parts} 人"
    said = Counter({state: getattr(centre, state.value) for state in StudentState})
    if expected == centre.expected == parts and said != students:
        yield f"{centre.name}：各状态的人数与逐人的状态不符"


def _delivered_once(ledger: Ledger) -> Iterator[str]:
    """A student who is delivered has one delivered file; a delivered file has such a student, or several."""
    there = [entry for entry in ledger.entries if entry.state is FileState.DELIVERED]
    files = Counter(no for entry in there for no in entry.delivered_to or ("",))
    delivered = {no for no, each in ledger.students.items() if each.state is StudentState.DELIVERED}
    for student_no in sorted(files.keys() | delivered):
        if (student_no in delivered, files[student_no]) != (True, 1):
            state = "已入包" if student_no in delivered else "未入包"
            yield f"学号 {student_no or '（无）'}：学生{state}，已入包的文件却有 {files[student_no]} 个"


def _bundles(centres: Iterable[CentreStatus], bundles: Mapping[str, Packed], ledger: Ledger) -> Iterator[str]:
    """As many are delivered as the centre's newest bundle holds portraits of that still count."""
    standing = {(no, one.original.sha256) for one in ledger.entries for no in one.delivered_to}
    for centre in centres:
        packed = bundles.get(centre.id)
        deliveries = packed.deliveries if packed else ()
        held = sum(_counts(delivery, centre.id, standing, ledger.students) for delivery in deliveries)
        said = sum(each.state is StudentState.DELIVERED for each in ledger.of_centre(centre.id))
        if held != said:
            bundle = f"照片包第 {packed.version} 版中有效的照片却是 {held} 张" if packed else "却没有照片包"
            yield f"{centre.name}：已入包 {said} 人，{bundle}，请再运行一次 gradphoto nightly"


def _counts(
    delivery: Delivery, centre: str, standing: set[tuple[str, str]], students: Mapping[str, Standings]
) -> bool:
    """Whether a portrait is still the student's, and the student still the centre's."""
    mine = students.get(delivery.student_no)
    at_home = mine is not None and mine.student.centre == centre
    return at_home and (delivery.student_no, delivery.source_sha256) in standing


def _bundled_once(bundles: Mapping[str, Packed]) -> Iterator[str]:
    """Nobody's portrait goes to two centres."""
    found: dict[str, list[str]] = {}
    for centre, packed in bundles.items():
        for delivery in packed.deliveries:
            found.setdefault(delivery.student_no, []).append(f"{centre} 第 {packed.version} 版")
    for student_no, places in sorted(found.items()):
        if len(places) > 1:
            yield f"学号 {student_no}：照片同时在 {'、'.join(places)} 照片包中，请再运行一次 gradphoto nightly"
