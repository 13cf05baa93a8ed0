"""The record of a bundle: what is written is what is read, and its number is its version."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.journal import dump_lines, load_lines
from gradphoto.adapters.store import MissingObject
from gradphoto.bundle import Absent
from gradphoto.packed import Packed, by_version, journal, newest
from tests.a_bundle import a_bundle

students = st.text("0123456789", min_size=1, max_size=13)
absents = st.builds(
    Absent,
    student_no=students,
    name=st.text(),
    state=st.sampled_from(["pending", "rejected", "missing", "ineligible"]),
    reasons=st.lists(st.text(), max_size=2).map(tuple),
)
bundles = st.builds(
    a_bundle,
    pictures=st.dictionaries(students, st.integers(0, 99), max_size=3),
    version=st.integers(1, 9999),
    absent=st.lists(absents, max_size=3).map(tuple),
)


@given(bundles)
def test_a_bundles_record_is_read_as_it_was_written(packed: Packed) -> None:
    assert packed == Packed.from_lines(load_lines(dump_lines(packed.to_lines()), "packed/yanchi/000001.jsonl"))


def test_the_newest_version_is_found_and_the_older_ones_stay(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert newest(store, "yanchi") is None
    versions = [a_bundle({"1": picture}, version=picture) for picture in (1, 2)]
    for packed in versions:
        assert packed.version == journal(store, "yanchi").append(packed.to_lines())
    assert versions == [by_version(store, "yanchi", version) for version in (1, 2)]
    assert versions[-1] == newest(store, "yanchi")
    with pytest.raises(MissingObject):
        by_version(store, "yanchi", 3)
