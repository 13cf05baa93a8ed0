"""A recall: the picture and those round it wait, every version that holds them is blocked, the others go on."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.workspace import Workspace
from gradphoto.adapters.tables import csv_rows
from gradphoto.decision import Act, Decision, standing
from gradphoto.demo.plan import Roster, Sitting
from gradphoto.demo.students import people
from gradphoto.downloads import downloads
from gradphoto.matching.bindings import bind
from gradphoto.matching.places import frames_by_session
from gradphoto.parcels import Parcel, Print
from gradphoto.purge import Purge, Scope, Tombstone, mark
from gradphoto.purge_rules import redacted
from gradphoto.recall import around, in_force, kept_back
from gradphoto.stages.consign import release
from gradphoto.stages.decide import take_decision
from gradphoto.stages.fsck import fsck
from tests.a_night import CAMPAIGN, register
from tests.small_night import ANNA, BOB, CARL, DORA, EMIL, FAY, build, bundles, program, run, small
from tests.test_ledger import Desk

GINA = people("xiji", 1, first=401)[0]
ROUND_BOB = [ANNA.student_no, BOB.student_no, DORA.student_no]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its night; Bob's neighbour after him is of another centre."""
    folder = tmp_path_factory.mktemp("recall")
    plan = small(Sitting(GINA, 9))
    everybody = (ANNA, BOB, CARL, DORA, EMIL, FAY, GINA)
    build(folder, replace(plan, rosters=(Roster("名册.csv", everybody, "gb18030"),)))
    run(folder)
    return folder


@pytest.fixture
def folder(night: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(night, tmp_path / "night"))


@pytest.fixture(scope="module")
def recalled(night: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The same after prints were released and one bundle was downloaded, and Bob was recalled; what that said."""
    folder = Path(shutil.copytree(night, tmp_path_factory.mktemp("recalled") / "night"))
    said(folder, "manifests", "--release", "guyuan")
    said(folder, "download", "longde", "--to", folder / "out")
    released = said(folder, "manifests", "--to", folder / "none")
    assert [] == released["on_courier_sheet"]
    return folder, said(folder, "recall", BOB.student_no, "--reason", "不是本人")


def said(folder: Path, *words: str | Path) -> dict[str, Any]:
    """A command that goes well, and its document."""
    done = program(*words, "--json", folder=folder)
    assert 0 == done.returncode, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def refused(folder: Path, *words: str | Path) -> str:
    """The one line of a command that is refused."""
    done = program(*words, folder=folder)
    assert (2, "") == (done.returncode, done.stdout)
    (line,) = done.stderr.splitlines()
    return line


def delivered(folder: Path) -> dict[str, list[str]]:
    """By centre whose portraits are in the newest bundle."""
    return {
        centre: [one.student_no for one in packed.deliveries]
        for centre, packed in Workspace(folder).bundles.items()
    }


def decide(folder: Path, act: Act, capture: str, **more: Any) -> int:
    return take_decision(Workspace(folder).store, "test", "", act=act, capture=capture, **more)


# ---- On a night


def test_the_neighbours_freeze_too_and_every_centre_gets_a_bundle_without_them(
    night: Path, recalled: tuple[Path, dict[str, Any]]
) -> None:
    folder, document = recalled
    before, after = bundles(night), bundles(folder)
    assert {"guyuan": [], "longde": [EMIL.student_no], "xiji": [GINA.student_no]} == delivered(folder)
    assert before == {name: after[name] for name in before}
    assert {"guyuan-v0002.zip", "longde-v0002.zip"} == set(after) - set(before)
    assert set(ROUND_BOB) == {one["student_no"] for one in document["captures"]}
    assert [("guyuan", 2), ("longde", 2)] == [(one["centre"], one["version"]) for one in document["packed"]]


def test_the_new_bundle_says_who_was_taken_out(recalled: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = recalled
    with ZipFile(folder / "store/bundles/longde/longde-v0002.zip") as zipped:
        rows = csv_rows(zipped.read("longde-v0002/data/changes.csv"))
    assert [["student_no", "change"], [DORA.student_no, "removed"]] == rows


def test_it_lists_where_the_pictures_went_and_whose_prints_must_be_made_again(
    recalled: tuple[Path, dict[str, Any]],
) -> None:
    _, document = recalled
    by_student = {one["student_no"]: one for one in document["captures"] if one["versions"]}
    (dora,), (parcel,) = by_student[DORA.student_no]["versions"], by_student[BOB.student_no]["parcels"]
    assert (("longde", 1, True), 1) == ((dora["centre"], dora["version"], dora["blocked"]), len(dora["downloads"]))
    stands = {"waybill": "", "stands": ""}
    assert {"number": "NX-guyuan-0001", "centre": "guyuan", "sheet": 1, **stands} == parcel
    assert [ANNA.student_no, BOB.student_no] == document["print_again"]


def test_a_blocked_version_is_not_handed_out_and_the_newest_is(recalled: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = recalled
    for centre in ("guyuan", "longde"):
        line = refused(folder, "download", centre, "--version", "1", "--to", folder / "blocked")
        assert f"中心 {centre} 第 1 版照片包含已召回的照片" in line
    assert not (folder / "blocked").exists()
    assert 2 == said(folder, "download", "longde", "--to", folder / "new")["version"]


def test_recalling_again_is_no_second_decision(recalled: tuple[Path, dict[str, Any]]) -> None:
    folder, document = recalled
    again = said(folder, "recall", BOB.student_no, "--reason", "还是不对")
    assert (True, False, document["decision"]) == (document["new"], again["new"], again["decision"])
    assert ([one["sha256"] for one in document["captures"]], []) == (
        [one["sha256"] for one in again["captures"]],
        again["packed"],
    )
    assert 1 == len(Workspace(folder).season.decisions)


def test_they_stand_on_the_retake_list_with_the_reason(recalled: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = recalled
    rows = {one["student_no"]: one for one in said(folder, "retakes")["retakes"]}
    assert {*ROUND_BOB, CARL.student_no, FAY.student_no} == set(rows)
    assert ("待人工核对", "照片已召回，等待核对（不是本人）") == (
        rows[BOB.student_no]["state"],
        rows[BOB.student_no]["why"],
    )


def test_the_store_is_sound_and_status_marks_only_a_newest_version_that_is_blocked(
    recalled: tuple[Path, dict[str, Any]],
) -> None:
    folder, _ = recalled
    assert [] == fsck(Workspace(folder).store)
    assert not any("blocked" in (one["bundle"] or {}) for one in said(folder, "status")["centres"])


def test_a_later_night_replays_it_and_what_was_chosen_is_delivered_again(folder: Path) -> None:
    source = Workspace(folder).season.chosen[BOB.student_no].match.sha256
    said(folder, "recall", BOB.student_no, "--reason", "不是本人")
    run(folder)
    assert [] == delivered(folder)["guyuan"]
    decide(folder, Act.CHOOSE, source)
    run(folder)
    assert [BOB.student_no] == delivered(folder)["guyuan"]
    assert 3 == said(folder, "download", "guyuan", "--to", folder / "out")["version"]
    assert "已召回" in refused(
        folder, "download", "guyuan", "--version", "1", "--to", folder / "out"
    )  # Anna waits


def test_a_picture_that_is_anothers_keeps_the_version_with_the_wrong_name_blocked(folder: Path) -> None:
    chosen = Workspace(folder).season.chosen
    bob, dora = (chosen[no].match.sha256 for no in (BOB.student_no, DORA.student_no))
    said(folder, "recall", BOB.student_no, "--reason", "不是本人")
    decide(folder, Act.ASSIGN, dora, student_no=BOB.student_no)
    decide(folder, Act.ASSIGN, bob, student_no=DORA.student_no)
    run(folder)
    assert {"guyuan": [BOB.student_no], "longde": sorted([DORA.student_no, EMIL.student_no])} == {
        centre: who for centre, who in delivered(folder).items() if centre != "xiji"
    }
    assert "已召回" in refused(folder, "download", "longde", "--version", "1", "--to", folder / "out")


def test_taking_it_back_brings_everything_back(night: Path, folder: Path) -> None:
    number = said(folder, "recall", BOB.student_no, "--reason", "看错了")["decision"]
    take_decision(Workspace(folder).store, "test", "", act=Act.UNDO, undone=number)
    run(folder)
    assert delivered(night) == delivered(folder)
    assert 1 == said(folder, "download", "guyuan", "--version", "1", "--to", folder / "out")["version"]


def test_whose_centre_could_not_be_packed_is_marked_blocked_and_kept_from_the_courier(folder: Path) -> None:
    bob = Workspace(folder).season.chosen[BOB.student_no].match.sha256
    decide(folder, Act.RECALL, bob, student_no=BOB.student_no, captures=(bob,), reason="不是本人")  # cut off here
    centres = {one["id"]: one["bundle"] for one in said(folder, "status")["centres"]}
    assert (True, None) == (centres["guyuan"]["blocked"], centres["longde"].get("blocked"))
    assert "不能放行" in refused(folder, "manifests", "--release", "guyuan")
    assert "已召回" in refused(folder, "download", "guyuan", "--to", folder / "out")
    assert [] == downloads(Workspace(folder).store)
    made = said(folder, "recall", BOB.student_no, "--reason", "不是本人")
    assert (False, [{"centre": "guyuan", "version": 2}]) == (made["new"], made["packed"])


def test_a_parcel_that_waits_is_held_and_what_is_right_goes_in_the_next(folder: Path) -> None:
    place = Workspace(folder)
    for centre in ("guyuan", "longde"):
        release(place.store, centre, place.bundles[centre])
    said(folder, "recall", BOB.student_no, "--reason", "不是本人")
    first = said(folder, "manifests")
    assert [] == first["on_courier_sheet"]
    assert {"guyuan", "longde"} == {one["centre"] for one in first["held"]}
    assert ["NX-longde-0002"] == said(folder, "manifests", "--release", "longde")["on_courier_sheet"]
    assert [] == fsck(Workspace(folder).store)


@pytest.mark.parametrize(
    ("student", "reason", "says"),
    [
        (CARL.student_no, "不是本人", "从未交付过"),
        ("2164099999999", "不是本人", "名册中没有学号"),
        (BOB.student_no, " ", "--reason 不能为空"),
    ],
)
def test_what_cannot_be_recalled_is_one_line(night: Path, student: str, reason: str, says: str) -> None:
    assert says in refused(night, "recall", student, "--reason", reason)
    assert () == Workspace(night).season.decisions


# ---- On its own


def frozen(script: str, at: int) -> list[int]:
    """Which frames of a card freeze when one is recalled."""
    desk = Desk(script)
    sessions = frames_by_session(desk.night.originals, [], desk.night.readings, CAMPAIGN)
    found = around(desk.digests[at], sessions, bind(register(), []))
    return [place for place, digest in enumerate(desk.digests) if digest in found]


def test_the_sitting_and_those_beside_it_freeze() -> None:
    assert [3, 4, 6, 7, 9, 10] == frozen("A p B p p C p p D p p E p", 6)


def test_a_slate_shown_twice_is_one_sitting_and_one_without_a_portrait_is_none() -> None:
    assert [1, 3, 6, 8] == frozen("A p B p C B p D p", 3)
    assert [1, 3, 5, 8] == frozen("A p B p B p C D p E p", 3)


def test_somebodys_word_on_a_frozen_picture_frees_that_one_alone() -> None:
    for act, more in ((Act.CHOOSE, {}), (Act.ASSIGN, {"student_no": "1"}), (Act.REJECT, {"reason": "闭眼"})):
        words = [
            Decision(number=1, before=0, act=Act.RECALL, capture="1" * 64, captures=("1" * 64, "2" * 64)),
            Decision.model_validate({"number": 2, "before": 1, "act": act, "capture": "1" * 64, **more}),
        ]
        said = standing(words)
        assert ({"2" * 64}, {"1" * 64, "2" * 64}) == (set(said.frozen), said.recalled)


parcels = st.lists(st.tuples(st.integers(1, 3), st.sets(st.sampled_from("ABC"), min_size=1)), max_size=6)


@given(parcels, st.sets(st.integers(1, 3)), st.sets(st.integers(1, 6)))
def test_no_parcel_both_goes_and_is_kept_back_and_what_went_stays(
    made: list[tuple[int, set[str]]], versions: set[int], went: set[int]
) -> None:
    every = [
        Parcel(
            number=str(at), centre="yanchi", kind="首寄", version=version, portraits=3,
            prints=tuple(Print(student_no=no, source=no * 64) for no in sorted(who)),
        )
        for at, (version, who) in enumerate(made, 1)
    ]  # fmt: skip
    sheeted, blocked = set(map(str, went)), {("yanchi", version) for version in versions}
    going, waiting = in_force(every, sheeted, blocked), kept_back(every, sheeted, blocked)
    assert set() == {one.number for one in going} & {one.number for one in waiting}
    assert {one.number for one in every} & sheeted <= {one.number for one in going}


def test_after_a_purge_of_one_the_others_stay_frozen_and_nobody_is_named() -> None:
    line: dict[str, Any] = {
        "number": 1,
        "before": 0,
        "act": "recall",
        "student_no": BOB.student_no,
        "reason": "她",
    }
    line |= {"capture": "1" * 64, "captures": ["1" * 64, "2" * 64]}
    gone = Purge(
        scope=Scope(students=(BOB.student_no,)),
        snapshot=1,
        marks=(mark(BOB.student_no),),
        tombstones=(Tombstone(sha256="1" * 64, size=9),),
    )
    left = redacted(gone, "decisions/000001.jsonl", [line])
    assert [{"number": 1, "before": 0, "act": "recall", "captures": ["2" * 64]}] == left
    assert left == redacted(gone, "decisions/000001.jsonl", left)
