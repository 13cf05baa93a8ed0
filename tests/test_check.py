"""Before the venue is left: each planted trouble is named, no clean student, and nothing is touched."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.workspace import Workspace
from gradphoto.adapters.kit_file import seal
from gradphoto.matching.ledger import Ledger
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.kit import workspace_kit
from gradphoto.stages.place import Place
from gradphoto.stages.watching import Venue
from gradphoto.states import FileState
from gradphoto.venue import Person, Report, Trouble
from portal.check_page import check_page
from tests.awkward_venue import ANNA, CARL, CLEAN, JACK, OLGA, TROUBLES, awkward_workspace
from tests.pages import chromium, needs_chromium
from tests.small_night import GUYUAN, program, run

PASSPHRASE = "八个字以上的口令。"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The awkward venue; nothing in it is ever changed by these tests."""
    return awkward_workspace(tmp_path_factory.mktemp("venue") / "ws")


@pytest.fixture(scope="module")
def told(place: Path) -> Any:
    """What the check says of it, and the page that it wrote elsewhere."""
    page = place.parent / "page.html"
    before = everything(place)
    done = program("check", GUYUAN, "--page", page, "--json", folder=place)
    assert (1, "") == (done.returncode, done.stderr)
    assert before == everything(place)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def venue(place: Path) -> Venue:
    """The same, looked at in this process."""
    here = Place(place, sweep=False)
    kit = workspace_kit(here.store, here.folder, here.settings, GUYUAN)
    sources = [(here.inbox(GUYUAN), f"inbox/{GUYUAN}")]
    inputs = inputs_now(here.folder, here.settings)
    found = Venue(kit, sources, workers=2, inputs=inputs, live=False)
    found.look()
    return found


def everything(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every name below a folder with mode, time stamp and bytes."""
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


def concerned(trouble: Any) -> list[str]:
    """The numbers that a trouble names."""
    return [one["student_no"] for one in [trouble["person"], *trouble["may_be"]] if one]


def test_each_planted_trouble_is_named_with_its_student(told: Any) -> None:
    found = {(no, one["kind"], one["code"]) for one in told["troubles"] for no in concerned(one)}

    assert {(student.student_no, *what) for student, what in TROUBLES.items()} <= found


def test_no_clean_student_is_named_anywhere(told: Any) -> None:
    text = json.dumps(told, ensure_ascii=False)

    assert [] == [one.name for one in CLEAN if one.student_no in text or one.name in text]


def test_whom_to_call_back_now_in_order_and_who_never_came(told: Any) -> None:
    called = [one["student_no"] for one in told["call_back"]]

    assert {one.student_no for one in TROUBLES} == set(called)
    assert JACK.student_no in called[:2]
    assert [[OLGA.student_no]] == [[one["student_no"] for one in each["students"]] for each in told["expected"]]
    assert [True] == [each["over"] for each in told["expected"]]


def test_the_slate_that_cannot_be_read_comes_with_the_frames_that_wait_for_it(told: Any) -> None:
    (slate,) = (one for one in told["troubles"] if one["kind"] == "slate")

    assert (CARL.student_no, 3) == (slate["person"]["student_no"], len(slate["files"]))
    assert "其后 2 张人像不知是谁" in slate["says"]


def test_the_page_is_one_file_for_its_owner_alone_with_the_pictures_in_trouble(told: Any, place: Path) -> None:
    page = place.parent / "page.html"
    html = page.read_text("utf-8")

    assert 0o600 == page.stat().st_mode & 0o777
    assert all(one["name"] in html for one in told["call_back"])
    assert html.count("data:image/jpeg;base64,") > len(TROUBLES)
    assert [] == [word for word in ("http://", "https://", "<script", ANNA.name) if word in html]


def test_whatever_a_roster_writes_as_a_name_is_a_name_on_the_page() -> None:
    person = Person(student_no="2164001250001", name="<img src=x onerror=alert(1)>", centre="</script>")
    trouble = Trouble(kind="check", code="glasses", person=person, files=("<b>.JPG",), says="戴眼镜", todo="摘下")
    report = Report(session=GUYUAN, files=1, portraits=1, photographed=0, troubles=(trouble,))
    html = check_page(report, {}, "", 6)

    assert [] == [word for word in ("<img", "</script", "<b>") if word in html]
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


@needs_chromium
def test_the_page_opens_without_asking_for_anything(told: Any, place: Path) -> None:
    with chromium() as browser:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((place.parent / "page.html").as_uri())

        assert len(told["troubles"]) == page.locator("article").count()
        assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
    assert [] == [url for url in asked if not url.startswith(("file:", "data:"))]


def test_what_the_check_says_of_each_file_is_what_the_night_then_says(
    venue: Venue, place: Path, tmp_path: Path
) -> None:
    shutil.copytree(place, tmp_path / "ws")
    run(tmp_path / "ws")

    assert words(Workspace(tmp_path / "ws").ledger) == words(venue.season.unpacked)


def words(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """Of each file its state, whose it is and why; what is only not packed yet is as good as delivered."""
    return {
        one.original.path: (
            FileState.DELIVERED if codes == ["not-packed"] else one.state,
            one.student_no or "",
            *(codes if codes != ["not-packed"] else []),
        )
        for one in ledger.entries
        for codes in [[reason.code for reason in one.reasons]]
    }


def test_a_second_look_reads_nothing_again(venue: Venue) -> None:
    read: list[int] = []

    def begin(total: int) -> Any:
        read.append(total)
        return lambda _: None

    assert venue.look(begin) == venue.look(begin)
    assert [] == read
    assert {one.student_no for one in CLEAN} == set(venue.photographed())


@pytest.fixture
def pack(place: Path, tmp_path: Path) -> Iterator[Path]:
    """A sealed kit and its passphrase on a stick, and no workspace anywhere."""
    here = Place(place, sweep=False)
    kit = workspace_kit(here.store, here.folder, here.settings, GUYUAN)
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "kit.gradkit").write_bytes(seal(kit, PASSPHRASE))
    (tmp_path / "stick" / "word.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return tmp_path / "stick"


def test_a_card_is_checked_with_a_kit_alone_and_the_logs_beside_it(place: Path, pack: Path, told: Any) -> None:
    inbox = place / "inbox" / GUYUAN
    for log in inbox.glob("scanlog*.csv"):
        shutil.copy2(log, pack)
    before = everything(place), everything(pack)
    options = ("--pack", pack / "kit.gradkit", "--passphrase-file", pack / "word.txt", "--json")
    done = program("check", GUYUAN, inbox / "card-1", *options)

    assert 1 == done.returncode, done.stderr
    assert [one["says"] for one in told["troubles"]] == [
        one["says"] for one in json.loads(done.stdout)["troubles"]
    ]
    assert before == (everything(place), everything(pack))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("2023-07-02-yanchi", "card"), "登记包"),
        ((GUYUAN,), "请在场次后面写出照片所在的文件夹"),
        ((GUYUAN, "nowhere"), "来源 nowhere：不存在"),
    ],
)
def test_what_cannot_be_checked_is_said_in_one_line(pack: Path, words: tuple[str, ...], says: str) -> None:
    options = ("--pack", pack / "kit.gradkit", "--passphrase-file", pack / "word.txt")
    done = program("check", *words, *options)

    assert (2, "") == (done.returncode, done.stdout)
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_page_is_never_written_over_anything_nor_among_the_pictures(place: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for page in (tmp_path / "mine.txt", place / "inbox" / GUYUAN / "page.html", tmp_path / "no" / "page.html"):
        done = program("check", GUYUAN, "--page", page, folder=place)

        assert (2, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert "mine" == (tmp_path / "mine.txt").read_text()


def test_what_lies_about_on_a_card_is_no_trouble_and_nothing_is_followed(place: Path, tmp_path: Path) -> None:
    card = tmp_path / "card"
    (card / "MISC").mkdir(parents=True)
    (card / "MISC" / "AUTPRINT.MRK").write_text("[HDR]")
    (card / "secret").symlink_to(place / "rosters")
    os.mkfifo(card / "pipe")
    done = program("check", GUYUAN, card, "--json", folder=place)

    assert [] == [one for one in json.loads(done.stdout)["troubles"] if one["kind"] == "file"]
    assert ["pipe", "secret"] == sorted(one["path"] for one in json.loads(done.stdout)["refused"])
