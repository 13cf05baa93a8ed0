"""A session's kit: who is in it and what of them, what it knows, and that nobody reads it unasked."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.workspace import Workspace
from config.bad_input import BadInput
from config.campaign_file import load_campaign, read_campaign
from config.spec import read_spec
from gradphoto.adapters.kit_file import KitTrouble, open_kit, seal, unseal
from gradphoto.adapters.tables import csv_bytes
from gradphoto.kit import Bound, Kit
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.replaced import Pointer
from gradphoto.roster import Student
from gradphoto.stages.decide import take_decision
from gradphoto.stages.kit import bound_by, inputs_of, kit_campaign, workspace_kit
from gradphoto.stages.snapshot import take_snapshot
from tests.seaweed import environment, free_ports
from tests.small_night import ANNA, BOB, CARL, DORA, EMIL, FAY, GUYUAN, build, run, small

MAKEUP = "2023-07-16-jinfeng"
PASSPHRASE = "正确的马 battery"
NO_STORE = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its night."""
    folder = tmp_path_factory.mktemp("kit") / "night"
    build(folder, small())
    run(folder)
    return folder


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A workspace before its night."""
    build(tmp_path / "fresh", small())
    return tmp_path / "fresh"


def kit(folder: Path, session: str = GUYUAN, own_logs: bool = False) -> Kit:
    place = Workspace(folder, sweep=False)
    return workspace_kit(place.store, place.folder, place.settings, session, own_logs)


def numbers(*students: Student) -> list[str]:
    return sorted(one.student_no for one in students)


def test_a_kit_holds_the_students_of_the_sessions_centres_and_nobody_else(fresh: Path) -> None:
    assert numbers(ANNA, BOB, CARL, DORA, EMIL) == list(kit(fresh).students)


def test_the_make_up_session_is_for_everybody(fresh: Path) -> None:
    assert numbers(ANNA, BOB, CARL, DORA, EMIL, FAY) == list(kit(fresh, MAKEUP).students)


def test_of_a_student_a_laptop_knows_no_more_than_it_needs(fresh: Path) -> None:
    header = ("学号", "姓名", "学习中心", "性别", "身份证号", "专业", "办学类型", "时段")
    row = ("2164001250017", "马示例", "固原学院", "女", "11010519491231002X", "法学", "开放教育", "08:30")
    (fresh / "rosters" / "more.csv").write_bytes(csv_bytes([header, row]))

    known = kit(fresh).students["2164001250017"].model_dump(exclude_defaults=True)

    assert {
        "student_no": "2164001250017",
        "name": "马示例",
        "centre": "guyuan",
        "id_no": "002X",
        "programme": "开放教育",
        "slot": "08:30",
    } == known


def test_a_roster_that_was_corrected_this_morning_counts(night: Path) -> None:
    place = Workspace(night)
    before = take_snapshot(place.store, place.folder, place.settings)
    more = night / "rosters" / "补.csv"
    more.write_bytes(csv_bytes([("学号", "姓名", "学习中心"), ("2164001250017", "马示例", "固原学院")]))

    try:
        assert "2164001250017" in kit(night).students
    finally:
        more.unlink()
    assert before == take_snapshot(place.store, place.folder, place.settings)


def test_who_has_a_picture_and_who_was_admitted_is_known(night: Path) -> None:
    place = Workspace(night)
    take_decision(place.store, "某人", place.now, after=0, act="admit", student_no=CARL.student_no)

    found = kit(night)

    assert numbers(ANNA, BOB, DORA, EMIL) == list(found.photographed)
    assert (CARL.student_no,) == found.admitted


def test_what_other_sessions_bound_is_known_and_ones_own_only_where_the_logs_stay_behind(night: Path) -> None:
    own = {(ANNA.capture_code, ANNA.student_no), (EMIL.capture_code, EMIL.student_no)}

    assert set() == own & pairs(kit(night))
    assert own <= pairs(kit(night, MAKEUP))
    assert own <= pairs(kit(night, own_logs=True))


def pairs(made: Kit) -> set[tuple[str, str]]:
    return {(one.code, one.student_no) for one in made.bound}


def test_a_binding_that_was_taken_back_is_not_in_a_kit() -> None:
    first, second = datetime(2023, 7, 3, 9), datetime(2023, 7, 3, 9, 5)
    wrong = DeskRow(GUYUAN, "scanlog-1.csv:2", first, "code", "A", station="1")
    right = DeskRow(GUYUAN, "scanlog-1.csv:3", second, "code", "B", station="1", replaces=(Pointer("1", first),))

    expected = (Bound(code="code", student_no="B", session=GUYUAN, at=second, station="1"),)

    assert expected == bound_by([wrong, right]) == bound_by([right, wrong])


def test_without_network_the_kit_goes_without_what_the_store_knows_and_says_so(fresh: Path) -> None:
    text = (fresh / "gradphoto.toml").read_text(encoding="utf-8")
    (fresh / "gradphoto.toml").write_text(text.replace("file:store", "s3://bucket/prefix"), encoding="utf-8")
    with environment({**NO_STORE, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_ports(1)[0]}"}):
        found = kit(fresh, own_logs=True)

    assert numbers(ANNA, BOB, CARL, DORA, EMIL) == list(found.students)
    assert (ANNA.capture_code, ANNA.student_no) in pairs(found)
    assert "存储连不上" in found.lacking


def test_a_session_that_the_campaign_does_not_have_is_refused_by_name(fresh: Path) -> None:
    with pytest.raises(BadInput, match="没有场次 '2023-07-03-nowhere'，可用的是：2023-07-02-yanchi"):
        kit(fresh, "2023-07-03-nowhere")


def test_a_matching_can_stand_on_a_kit_alone(fresh: Path) -> None:
    found = kit(fresh)
    inputs = inputs_of(found)

    assert load_campaign("campaign.toml", fresh) == kit_campaign(found) == inputs.campaign
    assert found.students == inputs.register.students
    assert () == inputs.held
    assert "chsi-2017" == inputs.spec.id


EXAMPLE = Kit(
    session=GUYUAN,
    campaign=read_campaign("ningxia-2023")[1],
    spec=read_spec("chsi-2017")[1],
    students={one.student_no: one for one in (ANNA, BOB, CARL)},
    bound=(Bound(code="CODE-0001", student_no="2164001250017", session=GUYUAN, at=datetime(2023, 7, 3, 9)),),
)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    """The example, sealed once: a guess costs half a second by design."""
    return seal(EXAMPLE, PASSPHRASE)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=4)
@given(TEXTS, st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=20), st.datetimes())
def test_what_was_sealed_is_unsealed_as_it_was(text: str, passphrase: str, at: datetime) -> None:
    bound = (Bound(code=text, student_no=text, session=GUYUAN, at=at),)
    made = EXAMPLE.model_copy(update={"bound": bound, "lacking": text})

    assert made == unseal(seal(made, passphrase + "八个字以上的口令"), passphrase + "八个字以上的口令")


def test_nothing_of_a_kit_stands_in_its_file_in_clear(sealed: bytes) -> None:
    secrets = [ANNA.name, ANNA.student_no, ANNA.capture_code, "CODE-0001", "2164001250017", GUYUAN, PASSPHRASE]

    for coding in ("utf-8", "utf-16-le", "gb18030"):
        assert [] == [secret for secret in secrets if secret.encode(coding) in sealed]


def test_the_same_kit_is_never_sealed_to_the_same_bytes(sealed: bytes) -> None:
    again = seal(EXAMPLE, PASSPHRASE)

    assert len(sealed) == len(again)
    assert sealed[20:] != again[20:]


def spoiled(sealed: bytes) -> Iterator[tuple[bytes, str]]:
    yield b"", "不是登记包"
    yield b"PK\x03\x04" + sealed, "不是登记包"
    yield "学号,姓名\r\n".encode(), "不是登记包"
    yield sealed[:14] + b"\x02" + sealed[15:], "由另一版本的 gradphoto 制作"
    yield sealed[:15], "文件不完整或已损坏"
    yield sealed[:-1], "文件不完整或已损坏"
    yield sealed + b"\0", "文件不完整或已损坏"
    yield sealed[:500] + bytes([sealed[500] ^ 1]) + sealed[501:], "文件不完整或已损坏"


@pytest.mark.parametrize("place", range(8))
def test_what_is_no_kit_or_spoiled_is_said_in_one_line(place: int, sealed: bytes, tmp_path: Path) -> None:
    data, says = list(spoiled(sealed))[place]
    (tmp_path / "x.gradkit").write_bytes(data)

    with pytest.raises(KitTrouble, match=f"^登记包 x.gradkit：{says}[^\n]*$"):
        open_kit(tmp_path / "x.gradkit", PASSPHRASE)


def test_a_kit_that_was_cut_anywhere_is_never_opened(sealed: bytes) -> None:
    for length in range(0, len(sealed), 7):
        with pytest.raises(KitTrouble, match=r"不是登记包|不完整"):
            unseal(sealed[:length], PASSPHRASE)


def test_another_passphrase_is_told_from_a_spoiled_file(sealed: bytes) -> None:
    with pytest.raises(KitTrouble, match="口令不对"):
        unseal(sealed, PASSPHRASE + " ")


def test_one_spelling_for_what_two_systems_compose_differently() -> None:
    assert EXAMPLE == unseal(seal(EXAMPLE, "cafe\u0301 noir"), "caf\u00e9 noir")


def test_a_short_passphrase_seals_nothing() -> None:
    with pytest.raises(KitTrouble, match="口令太短：至少 8 个字符"):
        seal(EXAMPLE, "1234567")


def test_a_kit_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(KitTrouble, match=r"^登记包 none\.gradkit：无法读取（不存在），请检查路径和U盘$"):
        open_kit(tmp_path / "none.gradkit", PASSPHRASE)
