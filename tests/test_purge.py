"""A purge: nothing of the purged is left that can be reached, and nothing of anybody else is lost."""

import os
import shutil
from pathlib import Path

import pytest

from cli.workspace import Workspace
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.verify import verify
from gradphoto.addresses import AddressSaid
from gradphoto.packed import by_version
from gradphoto.purge import Scope
from gradphoto.stages.addresses import say_address
from gradphoto.stages.consign import write_manifests
from gradphoto.stages.fsck import fsck
from gradphoto.stages.ingest import ingest
from gradphoto.stages.purge_apply import confirm
from gradphoto.stages.purge_papers import complete_purges
from gradphoto.stages.standing import status_of
from gradphoto.states import CentreState, StudentState
from tests.purging import AT, CutOff, Failing, listing, objects, purge, speaking_of, student
from tests.small_night import ANNA, BOB, CARL, DORA, EMIL, GUYUAN, bundles, run

pytest_plugins = ["tests.purge_fixtures", "tests.seaweed_fixture"]


def states(folder: Path) -> dict[str, StudentState]:
    return {no: each.state for no, each in Workspace(folder).ledger.students.items()}


def centre(folder: Path, id_: str) -> object:
    place = Workspace(folder)
    return next(one for one in status_of(place.store, place.season).centres if one.id == id_)


def test_the_list_writes_nothing_and_is_the_same_each_time(folder: Path) -> None:
    before = objects(folder)
    first, second = (listing(folder, student(ANNA.student_no)) for _ in range(2))
    assert (first.digest, 12) == (second.digest, len(first.digest))
    assert before == objects(folder)


def test_a_students_list_counts_slates_companions_copies_records_bundles_and_rows(folder: Path) -> None:
    counts = listing(folder, student(ANNA.student_no)).purge.counts
    assert {"bundles": 2, "desk_rows": 1, "decisions": 1, "portraits": 2, "renders": 2} == {
        kind: counts[kind] for kind in ("bundles", "desk_rows", "decisions", "portraits", "renders")
    }
    assert (4, 8) == (counts["originals"], counts["files"])  # slate, two frames, a sidecar, and the card's copy


def test_the_store_then_holds_nothing_of_the_student_but_what_the_register_says(without_anna: Path) -> None:
    code = speaking_of(without_anna, ANNA.capture_code)
    assert set() == code
    told = {name.partition("!")[0] for name in speaking_of(without_anna, ANNA.student_no, ANNA.name)}
    lists = {"bundles/guyuan/guyuan-v0003.zip", "packed/guyuan/000003.jsonl"}
    assert told - lists == {key for key in told if key.startswith(("inputs/", "purges/", "receipts/"))}


def test_the_student_is_withdrawn_and_not_expected_any_more(night: Path, without_anna: Path) -> None:
    before, after = centre(night, "guyuan"), centre(without_anna, "guyuan")
    assert StudentState.WITHDRAWN is states(without_anna)[ANNA.student_no]
    assert (before.expected - 1, 1) == (after.expected, after.withdrawn)  # type: ignore[attr-defined]
    absent = {one.student_no: one.state for one in Workspace(without_anna).bundles["guyuan"].absent}
    assert {ANNA.student_no: StudentState.WITHDRAWN, CARL.student_no: StudentState.MISSING} == absent


def test_the_centre_gets_its_next_bundle_and_the_others_stay(night: Path, without_anna: Path) -> None:
    assert {"guyuan-v0001.zip", "guyuan-v0002.zip", "longde-v0001.zip"} == set(bundles(night))
    assert {"guyuan-v0003.zip", "longde-v0001.zip"} == set(bundles(without_anna))
    assert bundles(night)["longde-v0001.zip"] == bundles(without_anna)["longde-v0001.zip"]
    assert [] == verify(without_anna / "store/bundles/guyuan/guyuan-v0003.zip")
    assert [BOB.student_no] == [one.student_no for one in Workspace(without_anna).bundles["guyuan"].deliveries]


def test_a_version_is_never_used_again(without_anna: Path) -> None:
    store = Workspace(without_anna).store
    assert [1, 2] == [by_version(store, "guyuan", number).version for number in (1, 2)]
    assert [BOB.student_no] == [one.student_no for one in by_version(store, "guyuan", 1).deliveries]


SCOPES = [
    student(ANNA.student_no),
    student(BOB.student_no, DORA.student_no),
    Scope(centre="guyuan"),
    Scope(centre="longde"),
]


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.text)
def test_the_store_is_sound_afterwards_and_a_night_adds_nothing(folder: Path, scope: Scope) -> None:
    purge(folder, scope)
    assert [] == fsck(Workspace(folder).store)
    before = bundles(folder)
    done = run(folder)
    assert ([], before) == (done.remarks, bundles(folder))
    assert [0] == [one.added for one in done.run.sessions]
    assert [] == fsck(Workspace(folder).store)


def test_one_after_the_other_leaves_no_more_than_both_at_once(afterwards: Path) -> None:
    run(afterwards)
    purge(afterwards, student(BOB.student_no))
    assert {"guyuan-v0004.zip", "longde-v0001.zip"} == set(bundles(afterwards))
    assert [] == fsck(Workspace(afterwards).store)
    told = {name.partition("!")[0] for name in speaking_of(afterwards, BOB.student_no, BOB.name, BOB.capture_code)}
    lists = {"bundles/guyuan/guyuan-v0004.zip", "packed/guyuan/000004.jsonl"}
    assert told - lists == {key for key in told if key.startswith(("inputs/", "purges/", "receipts/"))}
    assert [] == run(afterwards).remarks


def test_a_centre_is_gone_altogether_and_gets_no_bundle_any_more(folder: Path) -> None:
    place, receiver = Workspace(folder), ("铁木真", "13987654321", "固原市无名路1号")
    fields = dict(zip(("contact", "mobile", "address"), receiver, strict=True))
    said = AddressSaid(centre="guyuan", signature=receiver[0], way="site", who="test", **fields)
    say_address(place.store, place.season.inputs, said)
    purge(folder, Scope(centre="guyuan"))
    words = [word for one in (ANNA, BOB) for word in (one.student_no, one.name, one.capture_code)]
    assert set() == speaking_of(folder, *receiver)
    assert set() == {key for key in speaking_of(folder, *words) if not key.startswith("inputs/")}
    gone = centre(folder, "guyuan")
    assert (CentreState.WITHDRAWN, None, 0) == (gone.state, gone.bundle, gone.expected)  # type: ignore[attr-defined]
    run(folder)
    assert {"longde-v0001.zip"} == set(bundles(folder))
    assert {DORA.student_no, EMIL.student_no} == {
        no for no, state in states(folder).items() if state is StudentState.DELIVERED
    }


def test_a_card_of_the_purged_is_not_taken_in_again_wherever_it_lies(afterwards: Path, tmp_path: Path) -> None:
    place, before = Workspace(afterwards), objects(afterwards)
    card = tmp_path / "elsewhere"
    shutil.copytree(afterwards / "inbox" / GUYUAN / "card-1", card)
    for path in card.rglob("*.*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    taken = ingest(place.store, "2023-07-02-yanchi", card, "card")
    assert 4 == len(taken.purged)
    assert {ANNA.student_no} == {no for no, each in states(afterwards).items() if each is StudentState.WITHDRAWN}
    dead = {key for key in before if key.startswith("originals/")}
    assert dead == {key for key in objects(afterwards) if key.startswith("originals/")}


def test_a_log_that_grew_and_comes_again_does_not_bring_the_student_back(folder: Path) -> None:
    purge(folder, student(ANNA.student_no))
    (log,) = (folder / "inbox" / GUYUAN).rglob("scanlog*.csv")
    log.write_bytes(log.read_bytes() + f"2023-07-03 16:00:00,{CARL.capture_code},{CARL.student_no},1\r\n".encode())
    os.utime(log, (1_700_000_000, 1_700_000_000))
    run(folder)
    season = Workspace(folder).season
    assert {BOB.student_no, CARL.student_no, DORA.student_no, EMIL.student_no} == {
        row.student_no for row in season.rows
    }
    (held,) = season.held_rows
    assert (True, False) == (held.row > 1, ANNA.student_no in held.text)
    assert {"guyuan-v0003.zip", "longde-v0001.zip"} == set(bundles(folder))
    assert 1 == listing(folder, student(ANNA.student_no)).purge.counts["desk_rows"]


def test_rows_of_the_others_keep_their_numbers(night: Path, without_anna: Path) -> None:
    before, after = ({row.ref for row in Workspace(each).season.rows} for each in (night, without_anna))
    assert (True, 1) == (after < before, len(before - after))


def test_a_parcel_that_waits_goes_without_the_student(afterwards: Path) -> None:
    place = Workspace(afterwards)
    inputs = place.season.inputs
    addresses = (inputs.addresses, inputs.held_addresses)
    written = write_manifests(place.store, inputs.campaign, *addresses, place.sender, afterwards / "m")
    assert ((), ("NX-guyuan-0001",)) == (written.discrepancies, written.parcels)


def test_the_receipt_says_what_went_and_what_is_left_to_do_and_names_nobody(without_anna: Path) -> None:
    (path,) = (without_anna / "reports").glob("销毁回执*")
    paper = path.read_text(encoding="utf-8")
    for word in (ANNA.student_no, "操作员", AT, "照片包版本：2", "签到日志的行：1", f"inbox/{GUYUAN}", "签字"):
        assert word in paper
    assert ANNA.name not in paper


def cut_off_after(calls: int, folder: Path) -> bool:
    """Whether the purge was cut off by then; in either case it is finished by what comes next."""
    store = Failing(FolderStore(folder / "store"), 10**9)
    listed = listing(folder, student(ANNA.student_no))
    store.left = calls
    try:
        confirm(store, listed, "操作员", AT)  # type: ignore[arg-type]
        complete_purges(store, folder)  # type: ignore[arg-type]
    except CutOff:
        pass
    cut = store.left <= 0
    if not FolderStore(folder / "store").exists("purges/000001.jsonl"):
        confirm(FolderStore(folder / "store"), listing(folder, student(ANNA.student_no)), "操作员", AT)
    complete_purges(FolderStore(folder / "store"), folder)
    return cut


def test_cut_off_at_any_call_of_the_store_it_comes_to_the_same_bytes(
    night: Path, without_anna: Path, tmp_path: Path, amount: object, figure: object
) -> None:
    expected = objects(without_anna)
    step, tried, calls = amount(11, 1), 0, 0  # type: ignore[operator]
    while True:
        folder = tmp_path / str(calls)
        shutil.copytree(night, folder, ignore=shutil.ignore_patterns("manifests", "reports"))
        cut = cut_off_after(calls, folder)
        assert expected == objects(folder), calls
        shutil.rmtree(folder)
        calls, tried = calls + step, tried + 1
        if not cut:
            break
    figure(f"cut off at {tried} of about {calls} calls, each time the same bytes")  # type: ignore[operator]


def test_the_next_night_finishes_what_was_cut_off(folder: Path, without_anna: Path) -> None:
    confirm(Workspace(folder).store, listing(folder, student(ANNA.student_no)), "操作员", AT)
    assert StudentState.WITHDRAWN is states(folder)[ANNA.student_no]
    assert any("没有做完" in line for line in fsck(Workspace(folder).store))
    run(folder)
    assert [] == fsck(Workspace(folder).store)
    assert bundles(without_anna) == bundles(folder)
    assert 1 == len(list((folder / "reports").glob("销毁回执*")))
