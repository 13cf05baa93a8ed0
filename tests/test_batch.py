"""Binding from screenshots: who is bound, what is in doubt, and that nothing in doubt binds anybody."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cli.desk_bind import bind
from config.campaign_file import load_campaign, read_campaign
from config.spec import read_spec
from gradphoto.adapters.batch_log import NAME, BatchTrouble, add_pairs
from gradphoto.adapters.inbox import SourceError
from gradphoto.adapters.lock import lock
from gradphoto.adapters.screenshots import read_screenshots
from gradphoto.batch import Batch, Pair, Screenshot, bind_batch
from gradphoto.kit import Bound, Kit
from gradphoto.matching.bindings import DeskRow
from gradphoto.roster import Student
from gradphoto.screenshot_names import who
from gradphoto.stages.desk_logs import inbox_rows
from gradphoto.stages.kit import bound_by
from tests.a_night import SESSION, START, scanned, told
from tests.small_night import ANNA, CARL, FAY, GUYUAN, build, small

CAMPAIGN = load_campaign("ningxia-2023")
A, B = "2164001250001", "2164001250002"
CODE, OTHER = "CODE-AAAA-0001", "CODE-BBBB-0002"
AT = datetime(2023, 7, 3, 7, 30)


def kit(*bound: tuple[str, str], roster_code: str = "") -> Kit:
    """Two students of Guyuan."""
    people = (("A", A, "张三"), ("B", B, "买买提·艾力"))
    students = {no: Student(student_no=no, name=name, centre="guyuan") for _, no, name in people}
    students[A] = students[A].model_copy(update={"capture_code": roster_code})
    earlier = tuple(Bound(code=code, student_no=no, session="2023-07-02-yanchi", at=AT) for code, no in bound)
    spec, campaign = read_spec("chsi-2017")[1], read_campaign("ningxia-2023")[1]
    return Kit(session=GUYUAN, campaign=campaign, spec=spec, students=students, bound=earlier)


def shot(path: str, *codes: str, unreadable: bool = False) -> Screenshot:
    return Screenshot(path=path, codes=codes, unreadable=unreadable)


def made(*shots: Screenshot, of: Kit | None = None) -> Batch:
    return bind_batch(shots, of or kit(), ["固原学院"])


@pytest.mark.parametrize(
    "path",
    [
        f"{A}.png",
        f"{A}_张三.png",
        f"张三-{A}-学信网采集码截图.jpg",
        f"{A}_张 三.jpg",
        f"固原学院_{A}_张三 (1).png",
        f"班级一/{A} 张三/IMG_0001.PNG",
        f"班级一/{A} 张三/mmexport1688261234567.jpg",
        f"{A}_mmexport1688261234567.jpg",
        f"{A}-1688261234567.jpg",
        f"{A}_zhangsan.png",
        "２１６４００１２５０００１.png",
    ],
)
def test_a_picture_named_by_its_student_binds_its_code(path: str) -> None:
    assert (Pair(path=path, code=CODE, student_no=A),) == made(shot(path, CODE)).new


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("张三.png", "文件名里没有学号"),
        ("mmexport1688261234567.jpg", "文件名里没有学号"),
        ("Screenshot_20230702093012.png", "文件名里没有学号"),
        ("2164001259999.png", "这一场的名册里没有这个学号"),
        (f"{A}_{B}.png", "文件名里有 2 个学号"),
        (f"{A}_2164001259999.png", "文件名里有 2 个学号"),
        (f"{A}_李四.png", "文件名里的姓名与名册不符"),
        (f"{A}_张三丰.png", "文件名里的姓名与名册不符"),
        (f"{A}1.png", "文件名里没有学号"),
    ],
)
def test_a_name_in_doubt_binds_nobody(path: str, reason: str) -> None:
    found = made(shot(path, CODE))

    assert () == found.new
    assert [reason] == [doubt.reason.split("：")[0] for doubt in found.doubts]


@pytest.mark.parametrize("name", ["买买提·艾力", "买买提•艾力", "买买提艾力", "买买提．艾力"])
def test_a_name_with_a_dot_is_one_name_however_it_is_written(name: str) -> None:
    assert 1 == len(made(shot(f"{B}_{name}.png", CODE)).new)


@pytest.mark.parametrize(
    ("codes", "unreadable", "reason"),
    [
        ((), False, "没有二维码：请学生重新截图"),
        ((), True, "有二维码但读不出：请学生重新截图"),
        ((CODE, OTHER), False, "图里有 2 个二维码，分不清哪个是采集码：请学生只截采集码"),
        ((B,), False, "二维码的内容不是采集码：请学生截学信网的采集码"),
        (("x" * 201,), False, "二维码的内容不是采集码：请学生截学信网的采集码"),
    ],
)
def test_a_picture_without_one_code_binds_nobody(codes: Sequence[str], unreadable: bool, reason: str) -> None:
    found = made(shot(f"{A}.png", *codes, unreadable=unreadable))

    assert ((), [reason]) == (found.new, [doubt.reason for doubt in found.doubts])


def test_one_code_for_two_students_binds_neither() -> None:
    found = made(shot(f"{A}.png", CODE), shot(f"{B}.png", CODE))

    assert ((), 2) == (found.new, len(found.doubts))
    assert f"同一个采集码也见于 {B} 的截图：请逐个核对" == found.doubts[0].reason


def test_a_doubtful_picture_speaks_against_a_sound_one() -> None:
    """Somebody of another session sent the same code: whose it is has to be asked."""
    assert () == made(shot(f"{A}.png", CODE), shot("2164001259999.png", CODE)).new


def test_a_student_with_two_codes_is_bound_to_neither() -> None:
    found = made(shot(f"{A}.png", CODE), shot(f"{A} (2).png", OTHER))

    assert ((), 2) == (found.new, len(found.doubts))
    assert "这名学生的截图里有不同的采集码：请学生确认用哪一个" == found.doubts[0].reason


def test_the_same_twice_is_one_binding() -> None:
    found = made(shot(f"{A}.png", CODE), shot(f"{A} (2).png", CODE))

    assert (1, 1, ()) == (len(found.new), len(found.known), found.doubts)


def test_a_code_that_is_somebody_elses_already_stays_theirs() -> None:
    found = made(shot(f"{A}.png", CODE), of=kit((CODE, B)))

    assert [f"这个采集码已绑定给 {B}：请核对"] == [doubt.reason for doubt in found.doubts]


@pytest.mark.parametrize("before", [kit((OTHER, A)), kit(roster_code=OTHER)])
def test_a_student_who_has_another_code_already_keeps_it(before: Kit) -> None:
    found = made(shot(f"{A}.png", CODE), of=before)

    assert ["这名学生已绑定另一个采集码：请核对"] == [doubt.reason for doubt in found.doubts]


@pytest.mark.parametrize("before", [kit((CODE, A)), kit(roster_code=CODE)])
def test_what_is_bound_already_is_not_bound_again(before: Kit) -> None:
    found = made(shot(f"{A}.png", CODE), of=before)

    assert ((), 1, ()) == (found.new, len(found.known), found.doubts)


SHOTS = st.lists(
    st.builds(
        lambda name, codes: shot(name, *codes),
        st.sampled_from([f"{A}.png", f"{A}_李四.png", f"{B}.png", f"x/{A}_{B}.png", "2164001259999.png", "x.png"]),
        st.lists(st.sampled_from([CODE, OTHER, "CODE-CCCC"]), max_size=2, unique=True),
    ),
    max_size=6,
)


@given(SHOTS, st.lists(st.sampled_from([(CODE, A), (OTHER, A), (CODE, B)]), max_size=2, unique=True))
def test_every_picture_is_accounted_for_and_nobody_is_bound_twice(
    shots: Sequence[Screenshot], before: Sequence[tuple[str, str]]
) -> None:
    found = bind_batch(shots, kit(*before))
    new = [(one.code, one.student_no) for one in found.new]

    assert len(shots) == len(found.new) + len(found.known) + len(found.doubts)
    every = {*new, *before} if new else set()
    for code, no in new:
        assert [(code, no)] == [pair for pair in sorted(every) if code == pair[0] or no == pair[1]]


@given(SHOTS)
def test_the_order_of_the_pictures_makes_no_difference(shots: Sequence[Screenshot]) -> None:
    forth, back = bind_batch(shots, kit()), bind_batch(shots[::-1], kit())

    assert {(one.code, one.student_no) for one in forth.new} == {(one.code, one.student_no) for one in back.new}


@given(st.text(max_size=40))
def test_no_name_makes_it_stumble(path: str) -> None:
    who(path, kit().students, ["固原学院"])


def code_picture(*codes: str, size: tuple[int, int] = (1080, 2340), dark: bool = False) -> Image.Image:
    """A phone's screen that shows codes, one below the other."""
    screen = Image.new("RGB", size, "#111" if dark else "#f6f6f6")
    for index, code in enumerate(codes):
        data = BytesIO()
        ink, paper = ("white", "#111") if dark else ("black", "white")
        segno.make_qr(code).save(data, kind="png", scale=16, border=4, dark=ink, light=paper)
        picture = Image.open(data).convert("RGB")
        screen.paste(picture, ((size[0] - picture.width) // 2, 300 + 900 * index))
    return screen


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    data = BytesIO()
    picture.save(data, kind, **how)
    return data.getvalue()


PICTURES: dict[str, Callable[[], bytes]] = {
    "plain.png": lambda: saved(code_picture(CODE), "PNG"),
    "jpeg.jpg": lambda: saved(code_picture(CODE), "JPEG", quality=60),
    "transparent.png": lambda: saved(code_picture(CODE).convert("RGBA"), "PNG"),
    "palette.png": lambda: saved(code_picture(CODE).convert("P"), "PNG"),
    "dark.png": lambda: saved(code_picture(CODE, dark=True), "PNG"),
    "small.jpg": lambda: saved(code_picture(CODE).resize((360, 780)), "JPEG", quality=70),
    "long.png": lambda: saved(code_picture(CODE, size=(1080, 12_000)), "PNG"),
    "turned.jpg": lambda: saved(code_picture(CODE).rotate(90, expand=True), "JPEG"),
    "named.png": lambda: saved(code_picture(CODE), "JPEG"),
    "grey.webp": lambda: saved(code_picture(CODE).convert("L"), "WEBP"),
    "cmyk.jpg": lambda: saved(code_picture(CODE).convert("CMYK"), "JPEG"),
}


def test_screenshots_of_every_kind_are_read(tmp_path: Path) -> None:
    for name, picture in PICTURES.items():
        (tmp_path / name).write_bytes(picture())

    assert dict.fromkeys(PICTURES, (CODE,)) == {one.path: one.codes for one in read_screenshots(tmp_path, 2)}


def test_what_is_no_readable_picture_is_named_with_what_to_do_and_costs_only_itself(tmp_path: Path) -> None:
    whole = saved(code_picture(CODE), "JPEG")
    hostile = {
        "cut.jpg": whole[:-2000],
        "empty.png": b"",
        "text.png": "采集码".encode(),
        "film.mp4": b"\0\0\0\x18ftypmp42",
        "scan.pdf": b"%PDF-1.7",
        "bomb.png": bomb(),
    }
    for name, data in {**hostile, "good.jpg": whole, ".DS_Store": b"x", "sub/Thumbs.db": b"x"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "link.png").symlink_to(tmp_path / "good.jpg")

    found = {one.path: one for one in read_screenshots(tmp_path, 2)}

    assert {*hostile, "good.jpg", "link.png"} == set(found)
    assert (CODE,) == found["good.jpg"].codes
    assert "是符号链接，不予跟随，请复制文件本身" == found["link.png"].trouble
    for name in hostile:
        assert found[name].trouble.endswith("请学生重新发 PNG 或 JPEG 截图"), name


def bomb() -> bytes:
    """A PNG that says it is 60,000 by 60,000."""
    data = bytearray(saved(Image.new("L", (8, 8)), "PNG"))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    return bytes(data)


def test_two_codes_in_a_screenshot_are_both_seen(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(saved(code_picture(CODE, OTHER), "PNG"))

    assert [(CODE, OTHER)] == [one.codes for one in read_screenshots(tmp_path, 1)]


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="不存在"):
        read_screenshots(tmp_path / "none", 1)


def test_what_was_bound_stands_in_a_log_that_the_night_reads_and_a_desk_can_take_back(tmp_path: Path) -> None:
    pairs = [Pair(path="", code="=CODE,1", student_no=A), Pair(path="", code=OTHER, student_no=B)]
    add_pairs(tmp_path / "inbox" / GUYUAN, AT, pairs[:1])
    add_pairs(tmp_path / "inbox" / GUYUAN, AT + timedelta(hours=1), pairs[1:])

    rows, held = inbox_rows(tmp_path, GUYUAN, CAMPAIGN)

    assert [] == held
    assert [("=CODE,1", A, True, "batch"), (OTHER, B, True, "batch")] == [
        (row.code, row.student_no, row.batch, row.station) for row in rows
    ]
    assert ["batch", "batch"] == [one.station for one in bound_by(rows)]


def test_no_two_rows_of_a_batch_have_one_time(tmp_path: Path) -> None:
    """A desk that takes one back names it by its time."""
    add_pairs(tmp_path, AT, [Pair(path="", code=f"CODE{one}", student_no=A) for one in range(5)])

    lines = (tmp_path / NAME).read_text(encoding="utf-8-sig").splitlines()[1:]
    assert 5 == len({line.split(",")[0] for line in lines})


def test_a_log_that_nobody_of_us_wrote_or_somebody_is_writing_is_left_alone(tmp_path: Path) -> None:
    pairs = [Pair(path="", code=CODE, student_no=A)]
    (tmp_path / NAME).write_bytes("时间,码\n".encode())
    with pytest.raises(BatchTrouble, match="不是 gradphoto 写的日志"):
        add_pairs(tmp_path, AT, pairs)
    assert "时间,码\n".encode() == (tmp_path / NAME).read_bytes()

    (tmp_path / NAME).unlink()
    with (tmp_path / NAME).open("a+b") as file:
        assert lock(file)
        with pytest.raises(BatchTrouble, match="另一个 gradphoto desk bind 正在写"):
            add_pairs(tmp_path, AT, pairs)


def as_batch(rows: Sequence[DeskRow]) -> list[DeskRow]:
    return [DeskRow(row.session, "scanlog-batch.csv:2", row.at, row.code, None, batch=True) for row in rows]


def test_a_batch_row_never_claims_a_frame_by_its_time() -> None:
    """J was bound from a screenshot at the very time at which a desk's scan would have cast a doubt."""
    script, rows = "A p B p p p C p D p E p", scanned("A B J C D E", every=3)
    (of_j,) = (row for row in rows if row.code == "code-J")
    others = [row for row in rows if row is not of_j]

    assert "scan-between" in told(script, [*others, of_j])
    assert told(script, others) == told(script, [*others, *as_batch([of_j])])


@given(st.lists(st.tuples(st.sampled_from("ABCDEFGHIJ"), st.integers(-60, 600)), max_size=12))
def test_whenever_a_batch_was_read_the_night_says_the_same(batch: Sequence[tuple[str, int]]) -> None:
    script, rows = "A p p B p p ? p p C p p U p ~ D p p p p p E p", scanned("A B J C D E", every=20)
    more = [
        DeskRow(SESSION, f"{NAME}:{index}", START + timedelta(seconds=at), f"code-{one}", None, batch=True)
        for index, (one, at) in enumerate(batch, 2)
    ]

    assert told(script, rows) == told(script, [*more, *rows])


def test_a_folder_of_screenshots_becomes_bindings_and_again_is_no_harm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(tmp_path / "office", small())
    carl = f"{CARL.student_no}_{CARL.name}.png"
    sent = {carl: CARL, f"班/{ANNA.student_no}.png": ANNA, f"{FAY.student_no}.png": FAY}
    for path, student in sent.items():
        (tmp_path / "sent" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sent" / path).write_bytes(saved(code_picture(student.capture_code), "PNG"))

    def said() -> dict[str, Any]:
        bind(GUYUAN, tmp_path / "sent", tmp_path / "office", as_json=True)
        return cast(dict[str, Any], json.loads(capsys.readouterr().out))

    first, second = said(), said()

    assert ([{"file": carl, "student_no": CARL.student_no}], 1) == (first["bound"], first["known"])
    assert [f"{FAY.student_no}.png"] == [one["file"] for one in first["doubts"]]
    assert {**first, "bound": [], "known": 2} == second
