"""The check-in desk in a real browser: a scanner and a hand at the keys, two desks, kills, a full disk."""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
import segno
from httpx import Client
from PIL import Image
from playwright.sync_api import Browser, Page

from cli.main import app
from config.bad_input import BadInput
from gradphoto.adapters.desk_log import open_log
from gradphoto.adapters.kit_file import seal
from gradphoto.desk.answers import Entry
from gradphoto.matching.bindings import bind
from gradphoto.roster import Student
from portal.desk import Desk, clock
from portal.desk_app import FRAMES, desk_page
from portal.guard import Guard
from tests.desk_venue import CAMPAIGN, SESSION, Running, code, kit, rows_of, running, students, workspace
from tests.pages import answering, chromium, needs_chromium, opened, until

EVERYBODY = students(30)
EVERYBODY[28] = EVERYBODY[28].model_copy(update={"id_no": EVERYBODY[27].id_no})
TWINS = EVERYBODY[27:29]
ANNA, BOB, CARL = EVERYBODY[:3]
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
CALM = 350
"""Milliseconds after which a key may confirm."""


class Operator:
    """Somebody at one desk with a scanner in the one hand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.shows("body[data-ready=yes]")

    def shows(self, selector: str) -> None:
        self.page.wait_for_selector(selector, state="attached")

    def scan(self, text: str, end: str = "Enter") -> None:
        """As a scanner types: no time between the keys."""
        self.page.keyboard.type(text)
        self.page.keyboard.press(end)

    def scan_code(self, student: Student) -> None:
        self.scan(code(student))
        self.shows(f"body[data-mode=number][data-code='{code(student)}']")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=60)
        self.page.keyboard.press("Enter")

    def name(self, student: Student, text: str = "") -> None:
        self.type(text or student.id_no[-4:])
        self.shows(f"body[data-mode=card][data-student='{student.student_no}']")

    def calm(self, key: str) -> None:
        self.page.wait_for_timeout(CALM)
        self.page.keyboard.press(key)

    def note(self) -> str:
        return self.page.inner_text("#note")

    def bind(self, student: Student, text: str = "") -> None:
        self.scan_code(student)
        self.name(student, text)
        self.calm("Enter")
        self.shows("body[data-mode=code] .done")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return workspace(tmp_path / "2023", EVERYBODY)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The system's browser; its camera shows Anna's phone."""
    path = tmp_path_factory.mktemp("camera") / "phone.y4m"
    path.write_bytes(film(phone(code(ANNA))))
    with chromium(*FAKE_CAMERA, f"--use-file-for-fake-video-capture={path}") as found:
        yield found


@dataclass
class Here:
    """A desk in this process."""

    url: str
    log: Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Here]:
    at_desk = Desk(kit(EVERYBODY), CAMPAIGN, open_log(tmp_path / SESSION), clock(CAMPAIGN.timezone))
    app = Guard(desk_page(at_desk, "token"), "token", {"127.0.0.1"}, pictures=FRAMES)
    with answering(app) as url:
        yield Here(f"{url}/token/", at_desk.log.path)


@pytest.fixture
def operator(desk: Here, browser: Browser) -> Iterator[Operator]:
    page, asked = opened(browser, desk.url)
    yield Operator(page)
    assert ([], {"127.0.0.1"}) == ([line for line in asked.complaints if "422" not in line], asked.hosts)
    assert not [url for url in asked.addresses for one in EVERYBODY if one.student_no in url or code(one) in url]
    page.close()


def bound(log: Path) -> list[tuple[str, str | None]]:
    return [(row.code, row.student_no) for row in rows_of(log)[0]]


PAIR = (code(ANNA), ANNA.student_no)


# ---- The day


@needs_chromium
def test_two_desks_side_by_side_a_kill_and_a_restart_and_every_row_is_there_once_in_order(
    tmp_path: Path, browser: Browser, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    everybody = students(amount(8, 200) + 1)[:-1]
    place = workspace(tmp_path / "2023", everybody)
    queues, spent = (everybody[::2], everybody[1::2]), []
    with ExitStack() as started:
        desks = [started.enter_context(running(SESSION, "--workspace", place)) for _ in queues]
        operators = [Operator(opened(browser, one.url)[0]) for one in desks]
        for turn, pair in enumerate(zip(*queues, strict=True)):
            if turn == len(queues[0]) // 2:
                desks[0].process.kill()
                desks[0].process.wait()
                again = started.enter_context(running(SESSION, "--workspace", place))
                assert ("1", desks[0].log) == (again.station, again.log)
                operators[0].page.close(run_before_unload=False)
                operators[0] = Operator(opened(browser, again.url)[0])
            for operator, student in zip(operators, pair, strict=True):
                began = time.perf_counter()
                operator.bind(student, student.student_no if turn % 5 == 0 else "")
                spent.append(time.perf_counter() - began)
        for operator in operators:
            until(operator.page, f"document.body.dataset.total === '{len(everybody)}'")
            operator.page.close()
    for one, queue in zip(desks, queues, strict=True):
        assert [(code(each), each.student_no) for each in queue] == bound(one.log)
    rows = [row for one in desks for row in rows_of(one.log)[0]]
    bindings = bind({one.student_no: one for one in everybody}, rows, CAMPAIGN)
    assert [one.student_no for one in everybody] == [bindings.owner(code(one)).student_no for one in everybody]
    spent.sort()
    median, slowest = spent[len(spent) // 2], spent[-1]
    figure(f"{len(spent)} students at two desks, {median:.1f} s each (slowest {slowest:.1f}), 60 ms a key")


@needs_chromium
def test_the_name_to_be_read_aloud_is_large_and_says_who_when_and_whether(operator: Operator) -> None:
    operator.scan_code(ANNA)
    operator.name(ANNA)
    shown = operator.page.inner_text("#card")
    assert all(words in shown for words in (ANNA.name, ANNA.student_no, "固原学院", "08:30—10:00", "在采集范围"))
    assert 80 < operator.page.evaluate("parseFloat(getComputedStyle(document.querySelector('.name')).fontSize)")


# ---- What a scanner types confirms nothing


@needs_chromium
def test_without_a_code_nothing_is_bound(operator: Operator, desk: Here) -> None:
    operator.type(ANNA.student_no)
    operator.shows("#note:has-text('没有采集码不登记')")
    operator.calm("Enter")
    operator.scan_code(BOB)
    assert "" == operator.page.inner_text("#card")
    assert [] == bound(desk.log)


@needs_chromium
def test_a_scan_before_the_name_was_confirmed_asks_and_binds_nothing(operator: Operator, desk: Here) -> None:
    operator.scan_code(ANNA)
    operator.name(ANNA)
    operator.page.wait_for_timeout(CALM)
    operator.scan(code(BOB))
    operator.shows("body[data-mode=ask]")
    operator.page.wait_for_timeout(CALM)
    operator.scan(code(CARL))
    operator.shows("#note:has-text('刚才输入的没有用')")
    operator.page.keyboard.press("F2")
    operator.page.wait_for_timeout(CALM)
    assert ("ask", []) == (operator.page.evaluate("document.body.dataset.mode"), bound(desk.log))
    operator.calm("F2")
    operator.shows(f"body[data-mode=number][data-code='{code(BOB)}']")


@needs_chromium
@pytest.mark.parametrize("end", ["Enter", "Tab"])
def test_a_scanner_that_ends_with_two_keys_confirms_nothing_by_the_second(
    operator: Operator, desk: Here, end: str
) -> None:
    operator.scan(code(ANNA), end)
    operator.page.keyboard.press("Enter")
    operator.shows("body[data-mode=number]")
    operator.scan(ANNA.student_no, end)
    for _ in range(5):
        operator.page.keyboard.press("Enter")
    operator.shows("body[data-mode=card]")
    operator.page.wait_for_timeout(CALM)
    assert [] == bound(desk.log)
    operator.calm("Enter")
    operator.shows(".done")
    assert [PAIR] == bound(desk.log)


@needs_chromium
def test_a_key_that_is_held_down_confirms_nothing(operator: Operator, desk: Here) -> None:
    operator.scan_code(ANNA)
    operator.page.keyboard.type(ANNA.student_no, delay=60)
    operator.page.keyboard.down("Enter")
    operator.shows("body[data-mode=card]")
    for _ in range(4):
        operator.page.wait_for_timeout(CALM)
        operator.page.keyboard.down("Enter")
    operator.page.keyboard.up("Enter")
    assert [] == bound(desk.log)


@needs_chromium
@pytest.mark.parametrize("text", [ANNA.student_no, "11010519491231002X"])
def test_an_exam_slip_or_an_identity_card_is_no_code(operator: Operator, text: str) -> None:
    operator.scan(text)
    operator.shows("#note:not(:empty)")
    assert "code" == operator.page.evaluate("document.body.dataset.mode")


@needs_chromium
def test_an_input_method_spoils_the_line_and_says_so(operator: Operator) -> None:
    operator.page.keyboard.type("DEMO")
    operator.page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Process', keyCode: 229, bubbles: true}))"
    )
    operator.scan("1234567890")
    operator.shows("#note.bad:has-text('输入法开着')")
    assert ("code", "") == tuple(operator.page.evaluate("[document.body.dataset.mode, line.value]"))
    operator.scan_code(ANNA)


@needs_chromium
def test_lines_that_come_faster_than_the_program_answers_wait_for_their_turn(
    operator: Operator, desk: Here
) -> None:
    operator.scan(code(ANNA))
    operator.scan(ANNA.student_no)
    operator.shows("body[data-mode=card]")
    operator.calm("Enter")
    operator.shows(".done")
    assert [PAIR] == bound(desk.log)


# ---- What stands there already


@needs_chromium
def test_a_code_bound_at_the_other_desk_asks_and_after_a_yes_both_rows_stand_and_the_later_counts(
    operator: Operator, desk: Here
) -> None:
    other = open_log(desk.log.parent)
    other.append(datetime(2023, 7, 3, 9), Entry(code=code(ANNA), student_no=BOB.student_no))
    operator.scan(code(ANNA))
    operator.shows(f"#code em:has-text('{BOB.name}')")
    operator.name(ANNA)
    operator.calm("Enter")
    operator.shows(f"#questions:has-text('{BOB.student_no}'):has-text('{ANNA.student_no}')")
    operator.calm("Enter")
    assert [] == bound(desk.log)
    operator.calm("Control+Enter")
    operator.shows(".done")
    rows = [*rows_of(other.path)[0], *rows_of(desk.log)[0]]
    assert ([code(ANNA)] * 2, ANNA.student_no) == (
        [row.code for row in rows],
        bind({ANNA.student_no: ANNA, BOB.student_no: BOB}, rows).owner(code(ANNA)).student_no,
    )


@needs_chromium
def test_no_is_no(operator: Operator, desk: Here) -> None:
    operator.bind(ANNA)
    operator.scan(code(ANNA))
    operator.shows("body[data-mode=number]")
    operator.name(BOB)
    operator.calm("Enter")
    operator.shows("body[data-mode=ask]")
    operator.calm("Escape")
    operator.shows("body[data-mode=card]")
    assert [PAIR] == bound(desk.log)


@needs_chromium
def test_the_last_one_is_undone_by_a_key_and_a_yes(operator: Operator, desk: Here) -> None:
    operator.bind(ANNA)
    operator.calm("F4")
    operator.shows("body[data-mode=ask]")
    operator.calm("F2")
    operator.shows("#rows tr.void")
    rows = rows_of(desk.log)[0]
    assert [PAIR, (code(ANNA), None)] == bound(desk.log)
    assert bind({ANNA.student_no: ANNA}, rows).owner(code(ANNA)).student_no is None


@needs_chromium
def test_of_several_with_one_ending_a_figure_chooses(operator: Operator, desk: Here) -> None:
    operator.scan_code(TWINS[1])
    operator.type(TWINS[0].id_no[-4:])
    operator.shows("#choices li:nth-child(2)")
    operator.type(str(1 + sorted(one.student_no for one in TWINS).index(TWINS[1].student_no)))
    operator.shows("body[data-mode=card]")
    operator.calm("Enter")
    operator.shows(".done")
    assert [(code(TWINS[1]), TWINS[1].student_no)] == bound(desk.log)


# ---- Troubles


@needs_chromium
def test_a_full_disk_and_then_a_kill_are_said_and_no_row_is_taken_for_written(
    folder: Path, browser: Browser
) -> None:
    with running(SESSION, "--workspace", folder) as desk:
        operator = Operator(opened(browser, desk.url)[0])
        full_disk(operator, desk)
        operator.scan_code(CARL)
        operator.name(CARL)
        desk.process.kill()
        operator.calm("Enter")
        operator.shows("#note.bad:has-text('连不上程序')")
        assert 0 == operator.page.locator(".done").count()
        operator.page.close()


def full_disk(operator: Operator, desk: Running) -> None:
    operator.bind(ANNA)
    size = desk.log.stat().st_size + 10
    resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    operator.scan_code(BOB)
    operator.name(BOB)
    operator.calm("Enter")
    operator.shows("#note.bad:has-text('没有记录：scanlog-1.csv 写不进去')")
    assert ([PAIR], []) == (bound(desk.log), rows_of(desk.log)[1])
    resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    operator.calm("Enter")
    operator.shows("body[data-mode=code] .done")
    assert [PAIR, (code(BOB), BOB.student_no)] == bound(desk.log)


# ---- Without a workspace


@needs_chromium
def test_a_laptop_with_a_pack_alone_binds_and_its_log_lies_beside_the_pack(
    tmp_path: Path, browser: Browser
) -> None:
    (tmp_path / "usb").mkdir()
    pack, secret = tmp_path / "usb" / "kit.gradkit", tmp_path / "secret.txt"
    pack.write_bytes(seal(kit(EVERYBODY), "correct horse"))
    secret.write_text("correct horse\n", encoding="utf-8")
    with running("--pack", pack, "--passphrase-file", secret) as desk:
        operator = Operator(opened(browser, desk.url)[0])
        operator.bind(ANNA)
        operator.page.close()
    assert tmp_path / "usb" / SESSION / "scanlog-1.csv" == desk.log
    assert [PAIR] == bound(desk.log)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("2023-07-99-nowhere",), "没有场次"),
        ((SESSION, "--station", "a/b"), "工位名"),
        ((SESSION, "--pack", "none.gradkit", "--passphrase-file", "none.txt"), "none.txt"),
        (("--port", "0"), "请写明场次"),
    ],
)
def test_what_cannot_be_started_is_one_line(folder: Path, words: tuple[str, ...], line: str) -> None:
    with pytest.raises(BadInput, match=line):
        app(["desk", *words, "--workspace", str(folder)], standalone_mode=False)


# ---- The camera


def phone(text: str) -> Image.Image:
    """A code before the camera."""
    out = BytesIO()
    segno.make_qr(text).save(out, kind="png", scale=8, border=4)
    shown, picture = Image.open(out).convert("L"), Image.new("L", (640, 480), "grey")
    picture.paste(shown, ((640 - shown.width) // 2, (480 - shown.height) // 2))
    return picture


def film(picture: Image.Image, frames: int = 10) -> bytes:
    """The same picture again and again, as the browser's fake camera reads it (YUV4MPEG2, grey)."""
    frame = b"FRAME\n" + picture.tobytes() + bytes([128]) * (picture.width * picture.height // 2)
    return b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420\n" + frame * frames


def jpeg(picture: Image.Image) -> bytes:
    """As the page posts it."""
    out = BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


@needs_chromium
def test_the_laptops_camera_reads_a_code_once_and_the_keys_do_the_rest(operator: Operator, desk: Here) -> None:
    operator.page.keyboard.press("F8")
    operator.shows(f"body[data-mode=number][data-code='{code(ANNA)}']")
    operator.page.wait_for_timeout(2000)  # the name takes its time
    operator.name(ANNA)
    operator.calm("Enter")
    operator.shows("body[data-mode=code] .done")
    operator.page.wait_for_timeout(1500)
    assert "code" == operator.page.evaluate("document.body.dataset.mode")
    assert [PAIR] == bound(desk.log)


@pytest.fixture
def client(desk: Here) -> Iterator[Client]:
    """A page of our own, without a browser."""
    with Client(base_url=desk.url, headers={"Origin": desk.url.removesuffix("/token/")}) as found:
        yield found


JPEG = {"Content-Type": "image/jpeg"}


def test_a_frame_is_read_in_a_process_of_its_own_and_a_hostile_one_is_no_code(client: Client) -> None:
    for data, expected in ((jpeg(phone("DEMO-1")), ["DEMO-1"]), (b"\xff\xd8\xff hostile", []), (b"", [])):
        assert {"codes": expected} == client.post("api/frame", content=data, headers=JPEG).json()


@pytest.mark.parametrize(
    ("path", "size", "headers"),
    [
        ("api/frame", 10, {"Origin": "http://attacker.example"}),
        ("api/frame", 10, {"Content-Type": "text/plain"}),
        ("api/frame", 2 << 20, {}),
        ("api/bind", 10, {}),
    ],
)
def test_pictures_come_from_our_own_page_to_one_place_and_are_small(
    client: Client, path: str, size: int, headers: dict[str, str]
) -> None:
    assert 403 == client.post(path, content=b"x" * size, headers=JPEG | headers).status_code


def test_a_request_that_comes_twice_is_one_row(client: Client, desk: Here) -> None:
    asked = {"key": "key-00000001", "code": code(ANNA), "student_no": ANNA.student_no}
    assert [{"done": True}] * 2 == [client.post("api/bind", json=asked).json() for _ in range(2)]
    assert [PAIR] == bound(desk.log)


def test_rows_of_one_instant_have_each_its_own_time(client: Client, desk: Here) -> None:
    for number, one in enumerate(EVERYBODY[:5]):
        asked = {"key": f"key-0000000{number}", "code": code(one), "student_no": one.student_no}
        client.post("api/bind", json=asked)
    assert 5 == len({row.at for row in rows_of(desk.log)[0]})
