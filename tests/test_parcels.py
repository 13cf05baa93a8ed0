"""Parcels: every portrait goes once, a replaced one goes again, and nothing goes without a release."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.parcels import Parcel, outstanding, released
from gradphoto.stages.consign import parcels, release
from tests.a_bundle import a_bundle

Night = tuple[dict[str, int], bool]
"""What the centre's bundle holds after it (student and picture), and whether the operator then releases."""

nights = st.lists(st.tuples(st.dictionaries(st.sampled_from("12345"), st.integers(1, 3)), st.booleans()))


def released_over(season: list[Night]) -> list[Parcel]:
    """The parcels of a season."""
    made: list[Parcel] = []
    for version, (pictures, releases) in enumerate(season, 1):
        parcel = released(a_bundle(pictures, version), made) if releases else None
        made += [parcel] if parcel else []
    return made


@given(nights)
def test_a_picture_is_in_at_most_one_parcel(season: list[Night]) -> None:
    times = Counter(item for parcel in released_over(season) for item in parcel.prints)
    assert [] == [item for item, count in times.items() if count > 1]


@given(nights, nights)
def test_after_a_release_nothing_is_outstanding_until_pictures_change(
    before: list[Night], last: list[Night]
) -> None:
    for pictures, _ in last:
        packed, made = a_bundle(pictures, len(before) + 1), released_over(before)
        made += [parcel for parcel in [released(packed, made)] if parcel]
        assert () == outstanding(packed.deliveries, made)
        assert released(packed, made) is None


@given(nights)
def test_numbers_count_from_one_and_only_the_first_parcel_is_the_first(season: list[Night]) -> None:
    made = released_over(season)
    assert [f"NX-yanchi-{number:04d}" for number in range(1, len(made) + 1)] == [p.number for p in made]
    assert ["首寄", "补寄", "补寄"][: len(made)] == [parcel.kind for parcel in made][:3]
    assert all(parcel.prints for parcel in made)


def test_a_replaced_picture_goes_again_and_a_new_version_of_the_same_one_does_not() -> None:
    first = released(a_bundle({"1": 1, "2": 1}), [])
    assert first
    assert ("1", "2") == first.students
    assert released(a_bundle({"1": 1, "2": 1}, version=2), [first]) is None
    second = released(a_bundle({"1": 7, "2": 1, "3": 1}, version=3), [first])
    assert second
    assert (("1", "3"), "补寄") == (second.students, second.kind)


def test_a_student_who_moved_gets_prints_where_they_now_belong(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    release(store, "yanchi", a_bundle({"1": 1}))
    moved = release(store, "guyuan", a_bundle({"1": 1}, centre="guyuan"))
    assert moved
    assert ("NX-guyuan-0001", ("1",)) == (moved.number, moved.students)


def test_operators_who_release_at_the_same_moment_make_one_parcel(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: release(store, "yanchi", a_bundle({"1": 1, "2": 1})), range(8)))
    assert parcels(store) == [parcel for parcel in results if parcel]
    assert 1 == len(parcels(store))
