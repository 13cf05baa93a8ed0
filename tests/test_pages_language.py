"""The pages in English: no Chinese beside people's data, the same keys, and the same Chinese on record."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from httpx import Client
from playwright.sync_api import Browser, Page

from cli.workspace import Workspace
from gradphoto.adapters.desk_log import open_log
from gradphoto.decision import Act
from gradphoto.demo.workspace import build
from gradphoto.discrepancy import TEXTS
from gradphoto.language import PO, shown, speak
from gradphoto.rejection import Rejection
from gradphoto.stages.journals import load_decisions
from gradphoto.venue import KINDS, Awaited, Person, Report, Trouble
from gradphoto.venue_words import TODO
from portal.app import operators_pages
from portal.check_page import check_page
from portal.desk import Desk, clock
from portal.desk_app import FRAMES, desk_page
from portal.guard import Guard
from portal.marked import marked
from portal.office import Office
from portal.pending import MARKS
from portal.script_words import script_texts, script_words
from tests.desk_venue import CAMPAIGN, SESSION, code, kit, rows_of, students
from tests.pages import answering, chromium, doubtful, needs_chromium, opened, until
from tests.pages_said import CHINESE, SCRIPTS, TEMPLATES, data_of, left, unmarked
from tests.portal_visits import Portal, form_of, opened_portal, post, wants_files
from tests.small_night import run
from tests.test_portal_page import CENTRE_PAGES, OFFICE_PAGES

EVERYBODY = students(30)
ANNA, BOB, CARL = EVERYBODY[:3]
GAP = re.compile(r"\{\w+(?=[}!])|%\(\w+\)s|</?\w[^>]*>")
"""What a translation must have as the text has it: gaps and tags."""
WHO, ODD, PLACE = "小王", "码码码码码", "宁夏"
"""What somebody writes in these tests."""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a night: somebody missing, something to review, a centre that failed."""
    folder = tmp_path_factory.mktemp("language")
    build(folder, doubtful())
    run(folder, drill=["longde"])
    return folder


@pytest.fixture
def folder(night: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(night, tmp_path / "ws", ignore=shutil.ignore_patterns("inbox"))
    return tmp_path / "ws"


@pytest.fixture
def data(folder: Path) -> set[str]:
    """What people wrote."""
    inputs = Workspace(folder).season.inputs
    mailing = re.split("[,\n]", (folder / "mailing.csv").read_text(encoding="utf-8-sig"))
    said = ("示例收件人", "示例签名", "宁夏固原市原州区示例路2号", WHO, ODD, PLACE)
    return data_of(inputs.campaign, [*inputs.register.students.values(), *EVERYBODY], *mailing, *said)


@contextmanager
def office_of(folder: Path) -> Iterator[str]:
    """The operator's pages of this process."""
    place = Workspace(folder)
    app = operators_pages(Office(place.store, folder, place.settings, WHO), "token")
    with answering(Guard(app, "token", {"127.0.0.1"})) as url:
        yield f"{url}/token"


@contextmanager
def desk_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """A desk of this process; its address and its log."""
    folder.mkdir()
    desk = Desk(kit(EVERYBODY), CAMPAIGN, open_log(folder / SESSION), clock(CAMPAIGN.timezone))
    with answering(Guard(desk_page(desk, "token"), "token", {"127.0.0.1"}, pictures=FRAMES)) as url:
        yield f"{url}/token", desk.log.path


def client(url: str) -> Client:
    """A page's script at that address."""
    return Client(base_url=f"{url}/", headers={"Origin": url.removesuffix("/token")}, timeout=60)


# ---- What is written


@pytest.mark.parametrize("path", [*TEMPLATES, *SCRIPTS], ids=lambda path: path.name)
def test_every_chinese_text_of_a_template_or_script_is_marked(path: Path) -> None:
    assert [] == list(unmarked(path))


def test_every_marked_text_has_its_english_with_the_same_gaps_and_tags() -> None:
    with PO.open("rb") as file:
        every = [one for one in read_po(file) if any(_of_a_page(path) for path, _ in one.locations)]
    assert len(every) > len(script_texts()) > 100
    said = {str(one.id): str(one.string) for one in every}
    assert {} == {text: one for text, one in said.items() if not one or CHINESE.search(one)}
    assert {} == {text: one for text, one in said.items() if sorted(GAP.findall(text)) != sorted(GAP.findall(one))}


def _of_a_page(path: str) -> bool:
    return path.startswith(("portal/templates/", "portal/static/"))


@pytest.mark.usefixtures("english")
def test_a_script_finds_each_of_its_texts_in_the_dictionary_of_its_page() -> None:
    words = script_words()
    assert set(script_texts()) == set(words)
    assert [] == [text for text, said in words.items() if CHINESE.search(said)]
    assert [] == [text for text, said in words.items() if sorted(GAP.findall(text)) != sorted(GAP.findall(said))]


@pytest.mark.usefixtures("english")
def test_every_state_has_a_letter_of_its_own() -> None:
    letters = [marked(mark) for mark in MARKS.values()]
    assert len(MARKS) == len(set(letters))
    assert [] == [letter for letter in letters if not re.fullmatch("[A-Z]", letter)]


@pytest.mark.usefixtures("english")
def test_what_tells_two_english_words_apart_is_never_shown() -> None:
    assert "Centres" == marked("教学点|一览")
    assert "没有人译过" == marked("没有人译过|一览")
    speak("zh")
    assert "教学点" == marked("教学点|一览")


# ---- What is served


def test_in_chinese_a_page_says_what_is_written_and_carries_no_dictionary(folder: Path) -> None:
    with office_of(folder) as url, client(url) as asking:
        page = asking.get("").text
    assert ['lang="zh-CN"', "人工核对"] == [
        one for one in ('lang="zh-CN"', "人工核对", "translations") if one in page
    ]


@pytest.mark.usefixtures("english")
def test_the_review_and_gallery_pages_and_their_documents(folder: Path, data: set[str]) -> None:
    with office_of(folder) as url, client(url) as asking:
        pages = [asking.get(path) for path in ("", "gallery", "gallery/guyuan", "gallery/nobody", "api/pending")]
        pages += [asking.get("api/gallery/guyuan"), asking.get("../nothing"), asking.get("portraits/x")]
        pages.append(asking.post("api/students", json={"words": "2164"}))
        (first, second, *_) = asking.get("api/pending").json()["queue"]
        for number, what in enumerate(refused(first["sha256"], second["sha256"])):
            pages.append(asking.post("api/decisions", json={"key": f"key-0000000{number}", "after": 0, **what}))
    assert [] == chinese(pages, data)
    assert {200, 404, 409, 422} == {page.status_code for page in pages}
    assert 'lang="en"' in pages[0].text


def refused(first: str, second: str) -> list[dict[str, Any]]:
    """Decisions: one that is taken, one too late, and some that cannot be taken."""
    return [
        {"act": "reject", "capture": first, "reason": "eyes-closed"},
        {"act": "hold", "capture": first},
        {"act": "reject", "capture": second, "reason": " "},
        {"act": "undo", "undone": 99},
        {"act": "admit", "student_no": "1"},
        {"act": "marry"},
    ]


def chinese(pages: list[Any], data: set[str]) -> list[tuple[str, set[str]]]:
    """Of each page what is Chinese and no data."""
    found = [(page.url.path, left(page.text, data)) for page in pages]
    return [one for one in found if one[1]]


@pytest.mark.usefixtures("english")
def test_every_page_of_a_centre_and_of_the_office(folder: Path, data: set[str]) -> None:
    with opened_portal(folder) as portal:
        pages = [*at_the_door(portal), *of_a_centre(portal), *of_the_office(portal)]
    assert [] == chinese(pages, data)
    assert {200, 403, 404, 409, 413, 422, 429} == {page.status_code for page in pages}


def at_the_door(portal: Portal) -> Iterator[Any]:
    with portal.visitor() as visitor:
        yield visitor.get("/enter")
        yield visitor.get("/nothing")
        yield visitor.post("/enter", content=b"x" * 100_000)
        for _ in range(11):
            answer = visitor.post("/enter", data={"token": "x", "form": form_of(visitor.get("/enter"))})
        yield answer
    portal.clock.later(hours=1)
    with portal.visitor() as visitor:
        yield visitor.post("/enter", data={"token": "x", "form": form_of(visitor.get("/enter"))})


def of_a_centre(portal: Portal) -> Iterator[Any]:
    address = "/centre/address"
    with portal.visitor(portal.token("guyuan")) as visitor:
        yield from (visitor.get(page) for page in CENTRE_PAGES)
        yield post(visitor, address, seen="x", electronic="yes")
        yield post(visitor, address, electronic="")
        yield post(visitor, address, electronic="yes", phone="1", address=PLACE, note="y" * 200)
        yield visitor.post(address, data={"form": "x"})
        for confirmed in (False, True):
            wants_files(portal.store, "guyuan", confirmed)
            yield from (visitor.get(page) for page in ("/centre", f"{address}?saved=1"))


def of_the_office(portal: Portal) -> Iterator[Any]:
    with portal.visitor(portal.token(), **{"Sec-Fetch-Site": "same-origin"}) as visitor:
        yield from (visitor.get(page) for page in OFFICE_PAGES)
        yield post(visitor, "/office", "/office/centres/guyuan/rerun")
        post(visitor, "/office", "/office/centres/longde/rerun")
        yield post(visitor, "/office", "/office/centres/guyuan/invite")
        yield from (visitor.get(page) for page in ("/office", "/office/centres/longde", "/office/invites"))


@pytest.mark.usefixtures("english")
def test_the_page_of_a_check_at_the_venue() -> None:
    people = (Person(student_no="1", name="Anna", centre="Guyuan"), Person(student_no="2"))
    codes = ("tilted", "slate-unreadable", "no-slate", "glasses", "blurred", "empty")
    troubles = [
        Trouble(kind=kind, code=code, may_be=people, files=("a.jpg", "b.jpg"), says=TEXTS[code], todo=TODO[code])
        for kind, code in zip(KINDS, codes, strict=True)
    ]
    troubles.append(troubles[0].model_copy(update={"person": people[0]}))
    awaited = [
        Awaited(centre="零星", start="9:00", end="9:30", over=over, students=people) for over in (True, False)
    ]
    counts = {"session": SESSION, "files": 9, "portraits": 3, "photographed": 1}
    full = Report(**counts, troubles=tuple(troubles), waiting=people, expected=tuple(awaited))
    assert set() == left(check_page(full, {}, "", 6) + check_page(Report(**counts), {}, "", 6), ())


# ---- What is decided


@pytest.mark.usefixtures("english")
def test_a_question_that_was_answered_in_english_is_answered(tmp_path: Path, data: set[str]) -> None:
    with desk_of(tmp_path / "desk") as (url, log), client(url) as asking:
        pages = [asking.get(""), *(asking.post("api/read", json={"text": text}) for text in typed())]
        for student, key in ((ANNA, "1" * 8), (ANNA, "2" * 8), (BOB, "3" * 8)):
            wanted = {"key": key, "code": code(ANNA), "student_no": student.student_no}
            pages.append(asking.post("api/bind", json=wanted))
        (*_, asked) = pages
        confirmed = {**wanted, "confirmed": asked.json()["asks"]}
        part = asking.post("api/bind", json={**confirmed, "confirmed": ["yes"]}).json()
        done = asking.post("api/bind", json=confirmed).json()
        pages += [asking.get("api/desk"), asking.post("api/undo", json={"key": "4" * 8})]
    assert ({"asks": asked.json()["asks"]}, {"done": True}) == (part, done)
    assert [] == chinese(pages, data)
    assert [ANNA.student_no, BOB.student_no] == [row.student_no for row in rows_of(log)[0]]


def typed() -> list[str]:
    """Lines that a desk reads: codes, numbers, and what is neither."""
    return [
        code(ANNA),
        ANNA.student_no,
        "12",
        "zz!",
        "9999",
        EVERYBODY[29].student_no,
        "21640012399999",
        "码码码码码",
    ]


@needs_chromium
@pytest.mark.usefixtures("english")
def test_one_goes_through_the_pages_in_english(folder: Path, tmp_path: Path, data: set[str]) -> None:
    found: list[tuple[str, set[str]]] = []
    with chromium() as browser:
        for goes in (review, look_through, check_in, visit):
            for page in goes(browser, folder, tmp_path):
                found.append((page.url, left(shown_on(page), data)))
    assert [] == [one for one in found if one[1]]
    kept = [(one.act, one.reason) for one in load_decisions(Workspace(folder).store)]
    assert [(Act.REJECT, "闭眼"), (Act.HOLD, ""), (Act.UNDO, "")] == kept


def shown_on(page: Page) -> str:
    """Everything that somebody may read on a page, or have read to them."""
    return str(page.evaluate("document.title + document.documentElement.outerHTML"))


def review(browser: Browser, folder: Path, _: Path) -> Iterator[Page]:
    with office_of(folder) as url:
        page, asked = opened(browser, f"{url}/")
        page.wait_for_selector("#candidates button")
        yield page
        page.keyboard.press("u")
        page.wait_for_selector("#say:not(:empty)")
        yield page
        page.keyboard.press("r")
        yield page
        page.keyboard.press("7")
        page.wait_for_selector(f"body[data-unsent='0'] #say:has-text('{shown(Rejection.EYES_CLOSED.word)}')")
        yield page
        page.keyboard.press("/")
        page.keyboard.type("0007")
        page.keyboard.press("Enter")
        page.wait_for_selector("#candidates li:only-child")
        page.keyboard.press("1")
        yield page
        assert [] == asked.complaints


def look_through(browser: Browser, folder: Path, _: Path) -> Iterator[Page]:
    with office_of(folder) as url:
        page, asked = opened(browser, f"{url}/gallery/guyuan")
        page.wait_for_selector(".portrait")
        until(page, "document.body.dataset.seen === '1'")
        yield page
        for pressed in ("true", "false"):
            page.keyboard.press("a")
            page.wait_for_selector(f".portrait[aria-pressed={pressed}]")
            yield page
        assert [] == asked.complaints


def check_in(browser: Browser, _: Path, folder: Path) -> Iterator[Page]:
    with desk_of(folder / "desk") as (url, log):
        page, asked = opened(browser, f"{url}/")
        page.wait_for_selector("body[data-ready=yes]")
        yield page
        for student in (ANNA, BOB):
            scan(page, code(ANNA), "number")
            yield page
            page.keyboard.type(student.student_no, delay=20)
            press(page, "Enter", "card")
            yield page
            page.wait_for_timeout(350)
            press(page, "Enter", "code" if student is ANNA else "ask")
            yield page
        page.wait_for_timeout(350)
        press(page, "F2", "code")
        page.keyboard.press("F9")
        page.wait_for_selector("#rows td:has-text('(')")
        yield page
        assert ([], 2) == (asked.complaints, len(rows_of(log)[0]))


def scan(page: Page, text: str, mode: str) -> None:
    page.keyboard.type(text)
    press(page, "Enter", mode)


def press(page: Page, key: str, mode: str) -> None:
    page.keyboard.press(key)
    page.wait_for_selector(f"body[data-mode={mode}]", state="attached")


def visit(browser: Browser, folder: Path, _: Path) -> Iterator[Page]:
    with opened_portal(folder) as portal:
        office = (*OFFICE_PAGES[:2], "/office/pages/")
        for token, paths in ((portal.token("guyuan"), CENTRE_PAGES[:1]), (portal.token(), office)):
            page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
            page.goto(f"{portal.url}/enter#{token}")
            yield page
            page.click("button.main")
            for path in paths:
                page.goto(portal.url + path, wait_until="networkidle")
                assert ("en", 360) == (page.evaluate("document.documentElement.lang"), width(page))
                yield page


def width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
