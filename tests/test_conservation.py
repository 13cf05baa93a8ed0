"""Conservation: what adds up is never complained of, and whatever is lost, doubled or moved always is."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.workspace import Workspace
from gradphoto.conservation import unbalanced
from gradphoto.demo.plan import Sitting
from gradphoto.matching.entry import Entry
from gradphoto.matching.ledger import Ledger, Standings
from gradphoto.original import Original
from gradphoto.packed import Packed
from gradphoto.records import originals, sessions_with_originals
from gradphoto.roster import Student
from gradphoto.stages.standing import status_of
from gradphoto.states import FileState, StudentState
from gradphoto.status import Status, status
from tests.a_bundle import a_bundle
from tests.a_night import CAMPAIGN
from tests.small_night import CARL, build, run, small

CENTRES = ("yanchi", "guyuan", "xiji")
SESSIONS = ("2023-07-02-yanchi", "2023-07-03-guyuan")
OTHER_STATES = [state for state in FileState if state is not FileState.DELIVERED]
ABSENT_STATES = [state for state in StudentState if state is not StudentState.DELIVERED]


@dataclass(frozen=True)
class Books:
    """Everything that must agree."""

    originals: list[Original]
    ledger: Ledger
    status: Status
    bundles: dict[str, Packed]

    @property
    def lines(self) -> list[str]:
        return unbalanced(self.originals, self.ledger, self.status, self.bundles)

    def with_ledger(self, **changes: Any) -> "Books":
        return replace(self, ledger=replace(self.ledger, **changes))

    @property
    def delivered(self) -> int:
        """The place of a delivered file among the entries."""
        return next(at for at, each in enumerate(self.ledger.entries) if each.state is FileState.DELIVERED)


def a_file(number: int, session: str) -> Original:
    place = {"session": session, "source": f"inbox/{session}", "path": f"{number:04d}.JPG"}
    return Original(sha256=f"{number:064x}", size=9, mtime_ns=1, **place)


def books(files: list[tuple[str, FileState]], students: list[tuple[str, StudentState]]) -> Books:
    """Books that agree: a student who is delivered has one more file, in the first session, and is in a bundle."""
    entries = [Entry(a_file(1000 + number, session), state) for number, (session, state) in enumerate(files)]
    standings, pictures = {}, {centre: dict[str, int]() for centre in CENTRES}
    for number, (centre, state) in enumerate(students, 1):
        student_no = f"21640{number:08d}"
        standings[student_no] = Standings(Student(student_no=student_no, name="同学", centre=centre), state)
        if state is StudentState.DELIVERED:
            entries.append(Entry(a_file(number, SESSIONS[0]), FileState.DELIVERED, student_no))
            pictures[centre][student_no] = number
    bundles = {centre: a_bundle(held, centre=centre) for centre, held in pictures.items() if held}
    ledger = Ledger(tuple(entries), standings)
    return Books([entry.original for entry in entries], ledger, status(CAMPAIGN, ledger, bundles, {}, ()), bundles)


files = st.lists(st.tuples(st.sampled_from(SESSIONS), st.sampled_from(OTHER_STATES)), min_size=1, max_size=12)
students = st.lists(st.tuples(st.sampled_from(CENTRES), st.sampled_from(StudentState)), max_size=12)
delivered = st.just(("yanchi", StudentState.DELIVERED))
balanced = st.builds(lambda files, students, one: books(files, [*students, one]), files, students, delivered)


@given(balanced)
def test_what_adds_up_is_not_complained_of(books: Books) -> None:
    assert [] == books.lines


# ---- Planted imbalances: each a way in which books can go wrong


def a_file_is_lost(books: Books, at: int) -> Books:
    entries = books.ledger.entries
    at %= len(entries)
    return books.with_ledger(entries=entries[:at] + entries[at + 1 :])


def a_file_is_told_twice(books: Books, at: int) -> Books:
    entries = books.ledger.entries
    return books.with_ledger(entries=(*entries, replace(entries[at % len(entries)], state=FileState.PENDING)))


def a_file_comes_from_nowhere(books: Books, _: int) -> Books:
    entry = Entry(a_file(9999, SESSIONS[0]), FileState.PENDING)
    return books.with_ledger(entries=(*books.ledger.entries, entry))


def a_file_is_exchanged_for_another(books: Books, at: int) -> Books:
    entries = list(books.ledger.entries)
    at %= len(entries)
    original = entries[at].original.model_copy(update={"sha256": "f" * 64})
    entries[at] = replace(entries[at], original=original)
    return books.with_ledger(entries=tuple(entries))


def a_state_is_counted_once_more(books: Books, at: int) -> Books:
    sessions = list(books.status.sessions)
    at %= len(sessions)
    states = sessions[at].states | {"pending": sessions[at].states["pending"] + 1}
    sessions[at] = sessions[at].model_copy(update={"states": states})
    return replace(books, status=books.status.model_copy(update={"sessions": tuple(sessions)}))


def a_total_is_one_short(books: Books, at: int) -> Books:
    sessions = list(books.status.sessions)
    at %= len(sessions)
    sessions[at] = sessions[at].model_copy(update={"total": sessions[at].total - 1})
    return replace(books, status=books.status.model_copy(update={"sessions": tuple(sessions)}))


def of_a_centre(**more: int) -> Callable[[Books, int], Books]:
    """Some numbers of a centre are wrong by so much."""

    def plant(books: Books, at: int) -> Books:
        centres = list(books.status.centres)
        at %= len(centres)
        changes = {name: getattr(centres[at], name) + by for name, by in more.items()}
        centres[at] = centres[at].model_copy(update=changes)
        return replace(books, status=books.status.model_copy(update={"centres": tuple(centres)}))

    return plant


def a_student_is_lost(books: Books, at: int) -> Books:
    numbers = sorted(books.ledger.students)
    gone = numbers[at % len(numbers)]
    return books.with_ledger(students={no: each for no, each in books.ledger.students.items() if no != gone})


def a_student_is_delivered_without_a_file(books: Books, _: int) -> Books:
    entries = list(books.ledger.entries)
    entries[books.delivered] = replace(entries[books.delivered], state=FileState.SUPERSEDED)
    return books.with_ledger(entries=tuple(entries))


def a_student_is_delivered_twice(books: Books, at: int) -> Books:
    entries = list(books.ledger.entries)
    at %= len(entries)
    at = at if entries[at].state is not FileState.DELIVERED else 0
    owner = entries[books.delivered].student_no
    entries[at] = replace(entries[at], state=FileState.DELIVERED, student_no=owner)
    return books.with_ledger(entries=tuple(entries))


def a_portrait_is_under_another_name(books: Books, _: int) -> Books:
    entries = list(books.ledger.entries)
    entries[books.delivered] = replace(entries[books.delivered], student_no="2164099999999")
    return books.with_ledger(entries=tuple(entries))


def a_portrait_is_not_in_the_bundle(books: Books, at: int) -> Books:
    centre = sorted(books.bundles)[at % len(books.bundles)]
    packed = books.bundles[centre]
    fewer = packed.model_copy(update={"deliveries": packed.deliveries[1:]})
    return replace(books, bundles=books.bundles | {centre: fewer})


def a_portrait_is_in_two_bundles(books: Books, _: int) -> Books:
    first, *_others = (one for packed in books.bundles.values() for one in packed.deliveries)
    other = a_bundle({}, centre="longde").model_copy(update={"deliveries": (first,)})
    return replace(books, bundles=books.bundles | {"longde": other})


def a_bundle_is_gone(books: Books, at: int) -> Books:
    centre = sorted(books.bundles)[at % len(books.bundles)]
    return replace(books, bundles={one: packed for one, packed in books.bundles.items() if one != centre})


PLANTED: dict[str, Callable[[Books, int], Books]] = {
    plant.__name__: plant
    for plant in (
        a_file_is_lost, a_file_is_told_twice, a_file_comes_from_nowhere, a_file_is_exchanged_for_another,
        a_state_is_counted_once_more, a_total_is_one_short, a_student_is_lost,
        a_student_is_delivered_without_a_file, a_student_is_delivered_twice, a_portrait_is_under_another_name,
        a_portrait_is_not_in_the_bundle, a_portrait_is_in_two_bundles, a_bundle_is_gone,
    )
} | {
    "one more is expected": of_a_centre(expected=1),
    "one more is missing": of_a_centre(missing=1),
    "one more is missing and expected": of_a_centre(missing=1, expected=1),
    "one is missing and not pending": of_a_centre(missing=1, pending=-1),
    "one more is ineligible": of_a_centre(ineligible=1),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
@given(balanced, st.integers(0, 1000))
def test_whatever_does_not_add_up_is_named_in_lines_of_their_own(planted: str, books: Books, at: int) -> None:
    lines = PLANTED[planted](books, at).lines
    assert lines
    assert all(line and line == " ".join(line.split()) for line in lines)
    assert len(lines) == len(set(lines))


@given(balanced, st.randoms(use_true_random=False))
def test_the_order_of_the_books_does_not_matter(books: Books, random: Any) -> None:
    spoiled = a_student_is_delivered_twice(a_file_comes_from_nowhere(books, 0), 0)
    entries, shuffled = list(spoiled.ledger.entries), list(spoiled.originals)
    random.shuffle(entries)
    random.shuffle(shuffled)
    again = replace(spoiled.with_ledger(entries=tuple(entries)), originals=shuffled)
    assert spoiled.lines == again.lines


def test_a_line_says_where_to_look() -> None:
    one = books([(SESSIONS[1], FileState.SLATE)], [("yanchi", StudentState.DELIVERED)])
    assert ["2023-07-03-guyuan：1 个已收的文件没有状态，首先是 inbox/2023-07-03-guyuan/1000.JPG"] == [
        line for line in a_file_is_lost(one, 0).lines if "没有状态" in line
    ]
    (fewer,) = a_portrait_is_not_in_the_bundle(one, 0).lines
    assert fewer.startswith("盐池学院：已入包 1 人，照片包第 1 版中有效的照片却是 0 张")
    (twice,) = a_portrait_is_in_two_bundles(one, 0).lines
    assert "学号 2164000000001：照片同时在 yanchi 第 1 版、longde 第 1 版 照片包中" in twice


# ---- Real nights


def books_of(folder: Path) -> Books:
    place = Workspace(folder)
    taken = [one for session in sessions_with_originals(place.store) for one in originals(place.store, session)]
    return Books(taken, place.ledger, status_of(place.store, place.season), place.bundles)


def nights(folder: Path) -> Iterator[Books]:
    """A night with a failure, its rerun, and one after which some frames were there twice."""
    build(folder, small(Sitting(CARL, 8, cut=frozenset({1}))))
    run(folder, drill=["longde"])
    yield books_of(folder)
    run(folder, centres=["longde"])
    yield books_of(folder)
    for path in sorted((folder / "inbox").rglob("*.JPG"))[:4]:
        path.with_name(f"copy-{path.name}").write_bytes(path.read_bytes())
    run(folder)
    yield books_of(folder)


def test_real_nights_add_up(tmp_path: Path) -> None:
    for books in nights(tmp_path):
        assert [] == books.lines
        states = Counter(entry.state for entry in books.ledger.entries)
        assert len(books.originals) == states.total()


def test_a_student_who_moved_is_named_until_both_centres_were_packed(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    roster = tmp_path / "rosters" / "名册.csv"
    moved = roster.read_bytes().decode("gb18030").replace("固原学院", "西吉学习中心", 1)
    roster.write_bytes(moved.encode("gb18030"))
    run(tmp_path, drill=["guyuan"])
    assert any("照片同时在 guyuan 第 1 版、xiji 第 1 版" in line for line in books_of(tmp_path).lines)
    run(tmp_path, centres=["guyuan"])
    assert [] == books_of(tmp_path).lines
