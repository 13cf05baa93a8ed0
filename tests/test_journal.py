"""Numbered records: the number is the order, nothing is lost in a race, and damage is named."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.journal import Journal, Line, dump_lines, load_lines
from gradphoto.adapters.store import DamagedObject, MissingObject
from gradphoto.decision import Act, Decision
from gradphoto.stages.decide import take_decision
from gradphoto.stages.journals import decisions_journal, load_decisions
from gradphoto.stages.known import append, forget, numbers_of
from tests.counting import Counting

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
LINES = st.lists(st.dictionaries(st.text(), VALUES, max_size=4), max_size=4)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@given(LINES)
def test_what_is_dumped_is_loaded_as_it_was(lines: list[Line]) -> None:
    assert lines == load_lines(dump_lines(lines), "key")


@settings(max_examples=30)
@given(st.lists(LINES, max_size=4))
def test_what_was_appended_comes_back_in_order(records: list[list[Line]]) -> None:
    with TemporaryDirectory() as place:
        journal = Journal(FolderStore(Path(place)), "decisions")
        numbers = [journal.append(lines) for lines in records]
        assert list(range(1, len(records) + 1)) == numbers
        assert list(enumerate(records, 1)) == list(journal.records())
        assert len(records) == journal.last()


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x1e", "\r\n"])
def test_a_line_may_hold_whatever_else_ends_a_line(store: FolderStore, separator: str) -> None:
    journal = Journal(store, "decisions")
    journal.append([{"reason": f"闭眼{separator}重拍"}])
    assert [{"reason": f"闭眼{separator}重拍"}] == journal.record(1)


def test_a_number_is_taken_once(store: FolderStore) -> None:
    journal = Journal(store, "packed/yanchi")
    assert journal.take(2, [{"version": 2}])
    assert not journal.take(2, [{"version": "another"}])
    assert [(2, [{"version": 2}])] == list(journal.records())
    assert 3 == journal.append([])


@settings(max_examples=30)
@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 3))
def test_whoever_knew_some_numbers_learns_the_same_as_who_lists_them_all(seen: int, came: int, gone: int) -> None:
    """Also when the last ones are not there any more, as in a store that was restored from a backup."""
    with TemporaryDirectory() as place:
        store = FolderStore(Path(place))
        journal = Journal(store, "readings/1")
        for _ in range(seen):
            journal.append([])
        known = journal.numbers()
        for number in known[seen - gone :] if gone <= seen else known:
            store.delete(f"readings/1/{number:06d}.jsonl")
        for _ in range(came):
            journal.append([])
        assert journal.numbers() == journal.numbers(known)
        assert journal.last() + 1 == journal.append([], max(journal.numbers(known), default=0))


def test_a_record_that_was_lacking_is_seen_when_it_is_put_back(store: FolderStore) -> None:
    journal = Journal(store, "readings/1")
    for number in (1, 2, 4):
        journal.take(number, [])
    assert (1, 2, 4) == numbers_of(journal)
    journal.take(3, [])
    assert (1, 2, 3, 4) == numbers_of(journal)


def test_who_adds_one_record_after_the_other_lists_them_once(store: FolderStore) -> None:
    counting = Counting(store)
    journal = Journal(counting, "readings/1")
    assert [1, 2, 3, 4] == [append(journal, []) for _ in range(4)]
    assert 2 == counting.requests["LIST"]  # the first finds nothing yet


def test_whoever_knew_some_numbers_does_not_list_them_again(store: FolderStore) -> None:
    counting = Counting(store)
    journal = Journal(counting, "readings/1")
    for _ in range(3):
        journal.append([])
    known = journal.numbers()
    journal.append([])
    counting.requests.clear()
    assert ([1, 2, 3, 4], {"HEAD": 3}) == (journal.numbers(known), counting.requests)


def append_ten(store: FolderStore, writer: int) -> list[int]:
    journal = Journal(store, "decisions")
    return [journal.append([{"writer": writer, "nth": nth}]) for nth in range(10)]


def test_appending_at_once_loses_nothing_and_keeps_each_writers_order(store: FolderStore) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        numbers = list(pool.map(append_ten, [store] * 4, range(4)))
    assert list(range(1, 41)) == sorted(number for taken in numbers for number in taken)
    journal = Journal(store, "decisions")
    for writer, taken in enumerate(numbers):
        assert [[{"writer": writer, "nth": nth}] for nth in range(10)] == [journal.record(n) for n in taken]
        assert sorted(taken) == taken


def test_the_millionth_record_comes_after_the_one_before(store: FolderStore) -> None:
    journal = Journal(store, "decisions")
    for number in (1_000_000, 999_999):
        journal.take(number, [])
    assert [999_999, 1_000_000] == [number for number, _ in journal.records()]
    assert 1_000_000 == journal.last()


def test_what_is_no_record_is_not_taken_for_one(store: FolderStore) -> None:
    journal = Journal(store, "renders")
    store.create("renders/other/000007.jsonl", b"")
    store.create("renders/notes.txt", b"")
    assert (0, []) == (journal.last(), list(journal.records()))


def damage(store: FolderStore, old: bytes, new: bytes) -> None:
    path = store.root / "decisions" / "000001.jsonl"
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (b'"reject"', b'"reject', "第2行"),
        (b'"undo"', b'"und\xff"', "第3行"),
        (b'{"act":"undo"}', b"7", "第3行"),
        (b'"undo"}\n', b'"undo"}', "第3行.*不完整"),
        (b'{"act":"undo"}\n', b"", "校验值"),
        (b'"undo"', b'"unda"', "校验值"),
        (b'"decisions"', b'"decision"', "第1行"),
        (b'"schema":1', b'"schema":2', "第1行"),
    ],
)
def test_a_damaged_record_is_named_with_its_line(store: FolderStore, old: bytes, new: bytes, named: str) -> None:
    Journal(store, "decisions").append([{"act": "reject"}, {"act": "undo"}])
    damage(store, old, new)
    with pytest.raises(DamagedObject, match=f"decisions/000001.jsonl.*{named}"):
        Journal(store, "decisions").record(1)


def test_an_emptied_record_is_damaged_and_an_absent_one_missing(store: FolderStore) -> None:
    journal = Journal(store, "decisions")
    journal.append([])
    (store.root / "decisions" / "000001.jsonl").write_bytes(b"")
    with pytest.raises(DamagedObject):
        journal.record(1)
    with pytest.raises(MissingObject):
        journal.record(2)


# ---- What people said


def said(store: FolderStore, count: int) -> None:
    for number in range(1, count + 1):
        take_decision(store, "某人", "", act=Act.HOLD, capture=f"{number:064d}", reason="再看")


def test_a_decision_that_is_lost_hides_none_after_it_and_its_number_is_not_taken(store: FolderStore) -> None:
    said(store, 2)
    assert 2 == len(load_decisions(store))  # this process knows two; another one adds two, and one of them is lost
    decisions_journal(store).take(3, [])
    line = Decision(number=4, before=3, who="", at="", act=Act.HOLD, capture="f" * 64, reason="再看")
    decisions_journal(store).take(4, [line.model_dump(mode="json", exclude_defaults=True)])
    store.delete("decisions/000003.jsonl")
    assert [1, 2, 4] == [one.number for one in load_decisions(store)]
    assert 5 == take_decision(store, "某人", "", act=Act.HOLD, capture="e" * 64, reason="再看")


def test_nobody_decides_past_a_decision_that_is_lost(store: FolderStore) -> None:
    """What it said of the capture is not known."""
    said(store, 3)
    load_decisions(store)
    store.delete("decisions/000002.jsonl")
    forget()
    with pytest.raises(MissingObject, match="decisions/000002"):
        take_decision(store, "某人", "", after=1, act=Act.HOLD, capture="f" * 64, reason="再看")
