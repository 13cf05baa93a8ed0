"""The demo: a plan makes the same files each time, and says beforehand what must become of them."""

import hashlib
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cli.demo import demo
from cli.problem import Problem
from config.campaign_file import load_campaign
from config.settings import load_settings
from gradphoto.adapters.imaging.codes import find_codes
from gradphoto.adapters.imaging.contact_sheet import Portrait, Strip, contact_sheet, from_card_to_bundle
from gradphoto.demo.compare import differences
from gradphoto.demo.expectation import expectation
from gradphoto.demo.night import NIGHT_PLAN, UNREADABLE
from gradphoto.demo.pictures import picture
from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, Slate, in_turn
from gradphoto.demo.sheets import mailing_bytes, roster_bytes, scanlog_bytes
from gradphoto.demo.students import outside, people
from gradphoto.demo.takes import takes
from gradphoto.demo.truth import Expected, Truth
from gradphoto.demo.workspace import build
from gradphoto.discrepancy import Discrepancy
from gradphoto.eligibility import eligibility
from gradphoto.inputs.mailing import read_mailing
from gradphoto.inputs.roster import Register, read_register
from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.matching.bindings import bind
from gradphoto.matching.entry import Entry
from gradphoto.matching.ledger import Ledger, Standings
from gradphoto.original import Original
from gradphoto.states import FileState, StudentState
from tests.small_night import program
from tests.some_bundle import jpeg

CAMPAIGN = load_campaign("ningxia-2023")
YANCHI = "2023-07-02-yanchi"
WANG, LI, MA, ZHAO = people("yanchi", 4)
TEN = datetime(2023, 7, 2, 10, 5)


def night(*sittings: Sitting, copied_to: str = "") -> Plan:
    """One card of one session."""
    card = Card(in_turn(TEN, *sittings), "c/100CANON", copied_to=copied_to)
    return Plan((Roster("盐池.csv", (WANG, LI, MA, ZHAO)),), (Day(YANCHI, (card,)),))


def states(plan: Plan) -> list[str]:
    """Number of the picture, state and reason, in order of path."""
    files = [file for file in expectation(plan).files if file.path.endswith(".JPG")]
    return [f"{file.path[-8:-4]} {file.state} {file.reason}".strip() for file in files]


SMALL = night(
    Sitting(WANG, 3, Slate(plain=True), beside=(".XMP",)), Sitting(LI, 4, cut=frozenset({2})), copied_to="d"
)


def contents(folder: Path) -> dict[str, str]:
    """The digest of each file below a folder."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    build(folder, SMALL)
    return folder


def test_the_same_plan_makes_the_same_bytes(workspace: Path, tmp_path: Path) -> None:
    build(tmp_path, SMALL)
    assert contents(workspace) == contents(tmp_path)


def test_every_file_of_an_inbox_is_in_the_truth_and_no_other(workspace: Path) -> None:
    truth = Truth.model_validate_json((workspace / "truth.json").read_text(encoding="utf-8"))
    inbox = {f"{file.session}/{file.path}" for file in truth.files}
    assert set(contents(workspace / "inbox")) == inbox


def test_no_two_pictures_are_alike_but_the_copies(workspace: Path) -> None:
    digests = contents(workspace / "inbox" / YANCHI / "c")
    assert len(digests) == len(set(digests.values()))
    assert list(digests.values()) == list(contents(workspace / "inbox" / YANCHI / "d").values())


def test_what_somebody_changed_in_a_workspace_is_left_as_it_is(tmp_path: Path) -> None:
    build(tmp_path, SMALL)
    (tmp_path / "mailing.csv").write_text("mine", encoding="utf-8")
    gone = tmp_path / "inbox" / YANCHI / "c/100CANON/IMG_0001.JPG"
    gone.unlink()
    build(tmp_path, SMALL)
    assert ("mine", True) == ((tmp_path / "mailing.csv").read_text(encoding="utf-8"), gone.is_file())


def test_the_settings_of_a_workspace_are_usable(workspace: Path) -> None:
    assert "示例图像采集中心" == load_settings(workspace).sender_company


def test_the_last_good_frame_is_delivered_and_a_second_copy_is_a_duplicate() -> None:
    assert [
        "0001 slate",
        "0002 superseded",
        "0003 delivered",
        "0004 slate",
        "0005 delivered",
        "0006 quarantined truncated",
        *[f"000{number} duplicate" for number in range(1, 7)],
    ] == states(SMALL)


def test_after_a_slate_that_nobody_can_read_nobody_is_believed() -> None:
    plan = night(Sitting(WANG, 3), Sitting(LI, 4, UNREADABLE))
    assert [
        "0004 pending slate-unreadable",
        "0005 pending after-break",
        "0006 pending after-break",
    ] == states(plan)[3:]


def test_after_a_forgotten_slate_only_the_first_frame_is_surely_the_first_students() -> None:
    plan = night(Sitting(WANG, 3), Sitting(LI, 4, None), Sitting(MA, 5))
    assert [
        "0001 slate",
        "0002 delivered",
        *[f"000{number} pending run-long" for number in range(3, 6)],
        "0006 slate",
        "0007 superseded",
        "0008 delivered",
    ] == states(plan)
    assert [StudentState.DELIVERED, StudentState.PENDING, StudentState.DELIVERED, StudentState.MISSING] == [
        expectation(plan).students[one.student_no] for one in (WANG, LI, MA, ZHAO)
    ]


def test_without_any_slate_at_the_head_of_a_card_nobody_is_believed() -> None:
    assert ["0001 pending no-slate", "0002 pending no-slate", "0003 slate"] == states(
        night(Sitting(WANG, 3, None), Sitting(LI, 4))
    )[:3]


def test_whoever_sits_down_after_anothers_slate_is_not_that_other() -> None:
    plan = night(Sitting(WANG, 3, frames=0), Sitting(LI, 4, None))
    assert ["0001 slate", "0002 pending", "0003 pending"] == states(plan)


def test_of_two_sittings_the_later_frame_is_delivered() -> None:
    plan = night(Sitting(WANG, 3), Sitting(LI, 4), Sitting(WANG, 3))
    assert ["0002 superseded", "0003 superseded", "0008 superseded", "0009 delivered"] == [
        states(plan)[index] for index in (1, 2, 7, 8)
    ]


def register() -> Register:
    """What is read from the rosters of the night."""
    return read_register([(one.name, roster_bytes(one, CAMPAIGN)) for one in NIGHT_PLAN.rosters], CAMPAIGN)


def test_the_rosters_of_the_night_are_read_without_a_doubt() -> None:
    assert ((), (), ()) == (register().held, register().warnings, register().refused)
    assert expectation(NIGHT_PLAN).students.keys() == register().students.keys()


def test_every_code_of_the_night_is_bound_to_one_student_by_roster_or_desk() -> None:
    logs = [
        read_scanlog(scanlog_bytes(day, NIGHT_PLAN), day.session, "scanlog-1.csv", CAMPAIGN)
        for day in NIGHT_PLAN.days
    ]
    assert [[], []] == [held for _, held in logs]
    bindings = bind(register().students, [row for rows, _ in logs for row in rows])
    sitters = {turn.student for day in NIGHT_PLAN.days for card in day.cards for _, turn in card.turns}
    assert {one.student_no: one.student_no for one in sitters} == {
        one.student_no: bindings.owner(one.capture_code).student_no for one in sitters
    }


def test_only_the_centre_without_an_address_is_held() -> None:
    addresses, held = read_mailing(mailing_bytes(NIGHT_PLAN, CAMPAIGN), "mailing.csv", CAMPAIGN)
    assert ([], {"longde"}) == (held, {centre for centre, one in addresses.items() if one.unusable})


def test_who_entered_too_early_is_outside_the_campaign() -> None:
    assert (True, False) == (eligibility(WANG, CAMPAIGN).eligible, eligibility(outside(WANG), CAMPAIGN).eligible)


@cache
def slates() -> list[tuple[str | None, tuple[str | None, ...]]]:
    """What each kind of slate of the night must say, and what is read."""
    kinds = {turn.slate: (card, turn) for day in NIGHT_PLAN.days for card in day.cards for _, turn in card.turns}
    found = []
    for slate, (card, turn) in kinds.items():
        if slate:
            take = next(take for take in takes(replace(card, turns=((TEN, turn),))) if take.frame == 0)
            with Image.open(BytesIO(picture(card, take))) as image:
                full, half = np.asarray(image), np.asarray(image.reduce(2))
            codes = find_codes(half, 0, partial(np.asarray, full))
            said = turn.student.capture_code if slate.readable else None
            found.append((said, tuple(code.text for code in codes)))
    return found


def test_the_slates_are_as_readable_as_the_plan_says() -> None:
    assert [(said,) for said, _ in slates()] == [read for _, read in slates()]


def ledger(truth: Truth, **changed: Expected) -> Ledger:
    """The ledger of a night that came out like this, but for the files changed, by their last digit."""
    entries = [
        Entry(
            Original(session=file.session, source="", path=file.path, sha256="", size=0, mtime_ns=0),
            file.state,
            file.student_no,
            (Discrepancy(code=file.reason),) if file.reason else (),
        )
        for file in (changed.get(f"_{one.path[-5]}", one) for one in truth.files)
    ]
    everybody = {one.student_no: one for one in (WANG, LI, MA, ZHAO)}
    return Ledger(tuple(entries), {no: Standings(everybody[no], state) for no, state in truth.students.items()})


def test_a_night_as_it_must_be_differs_in_nothing() -> None:
    truth = expectation(night(Sitting(WANG, 3), Sitting(LI, 1, held="tilted")))
    assert [] == differences(truth, ledger(truth))


def test_either_of_two_good_frames_may_be_delivered() -> None:
    truth = expectation(night(Sitting(WANG, 3)))
    first, second = truth.files[1:3]
    swapped = {
        "_2": first.model_copy(update={"state": FileState.DELIVERED}),
        "_3": second.model_copy(update={"state": FileState.SUPERSEDED}),
    }
    assert [] == differences(truth, ledger(truth, **swapped))


@pytest.mark.parametrize(
    ("number", "update", "line"),
    [
        ("3", {"state": FileState.PENDING}, "应为已入包，实为待人工核对"),
        ("3", {"student_no": LI.student_no}, f"应属 {WANG.student_no}，实归 {LI.student_no}"),
        ("6", {"reason": "run-long"}, "原因应有 tilted，实为 run-long"),
    ],
)
def test_a_difference_names_the_file_and_what_was_wrong(number: str, update: dict[str, str], line: str) -> None:
    truth = expectation(night(Sitting(WANG, 3), Sitting(LI, 1, held="tilted")))
    (file,) = (one for one in truth.files if one.path.endswith(f"{number}.JPG"))
    changed = ledger(truth, **{f"_{number}": file.model_copy(update=update)})
    assert [f"{YANCHI}/{file.path}：{line}"] == differences(truth, changed)


def test_a_file_that_was_not_taken_in_and_a_student_in_another_state_are_named() -> None:
    truth = expectation(night(Sitting(WANG, 3)))
    found = ledger(truth)
    less = Ledger(found.entries[1:], {**found.students, LI.student_no: Standings(LI, StudentState.PENDING)})
    assert [
        f"{YANCHI}/c/100CANON/IMG_0001.JPG：未收入",
        f"学生 {LI.student_no}：应为未采集，实为待人工核对",
    ] == differences(truth, less)


def test_the_contact_sheet_shows_frames_and_portraits() -> None:
    portrait = Portrait(jpeg(3), WANG.student_no)
    strip = Strip((jpeg(0), jpeg(3)), 1, (100, 50, 300, 320), portrait)
    png = contact_sheet([strip, strip], {"yanchi-v0001": [portrait] * 9})
    assert png == contact_sheet([strip, strip], {"yanchi-v0001": [portrait] * 9})
    with Image.open(BytesIO(png)) as sheet:
        assert (1486, 864) == sheet.size
        left_edge_of_the_crop = (12 + 225 + 4 + 47, 12 + 87)
        assert (230, 60, 30) == sheet.getpixel(left_edge_of_the_crop)


def test_the_small_picture_of_some_sittings_fits_a_page() -> None:
    strip = Strip((jpeg(0), jpeg(3)), 1, (100, 50, 300, 320), Portrait(jpeg(3), WANG.student_no))
    with Image.open(BytesIO(from_card_to_bundle([strip] * 2))) as picture:
        assert (990, 214, "P") == (*picture.size, picture.mode)


@pytest.mark.parametrize("name", ["a.txt", "gradphoto.toml"])
def test_a_folder_with_anything_else_in_it_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(Problem, match=r"里已有别的文件，不会动它们：请换一个空文件夹$"):
        demo(tmp_path)
    assert [tmp_path / name] == list(tmp_path.iterdir())


def test_the_demo_ends_as_its_truth_says(tmp_path: Path) -> None:
    ended = program("demo", tmp_path / "demo")
    assert 0 == ended.returncode, ended.stdout[-2000:] + ended.stderr
