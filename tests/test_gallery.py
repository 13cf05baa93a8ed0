"""Looking through a centre's portraits: what is seen is what is delivered, and who looked is said of just that."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from httpx import Client
from hypothesis import given
from hypothesis import strategies as st

from cli.status import CENTRE_COLUMNS, centre_rows
from cli.workspace import Workspace
from gradphoto.adapters.lettering import FONTS, Lettering, NoFont
from gradphoto.adapters.proof_sheet import Proof, proof_sheet, unprintable
from gradphoto.adapters.store import digest
from gradphoto.bundle import Delivery
from gradphoto.decision import Act
from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, in_turn
from gradphoto.demo.students import people
from gradphoto.stages.decide import take_decision
from gradphoto.stages.journals import load_decisions
from gradphoto.stages.looks import looks, note_look, portraits_digest, portraits_of
from gradphoto.stages.sheet import write_sheet
from gradphoto.stages.standing import status_of
from gradphoto.status import CentreStatus
from portal.app import operators_pages
from portal.gallery import A_PAGE
from portal.guard import Guard
from portal.office import Office
from tests.pages import answering, chromium, needs_chromium, opened, served, until
from tests.small_night import ANNA, GUYUAN, as_if_released, build, bundles, program, run, small
from tests.some_bundle import a_delivery

TOKEN = "token-of-this-test"
needs_font = pytest.mark.skipif(not any(Path(path).is_file() for path in FONTS), reason="needs fonts-noto-cjk")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its night."""
    folder = tmp_path_factory.mktemp("gallery")
    build(folder, small())
    run(folder)
    return folder


@pytest.fixture
def folder(night: Path, tmp_path: Path) -> Path:
    """A copy of it to look through."""
    shutil.copytree(night, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    place = Workspace(folder)
    pages = operators_pages(Office(place.store, folder, place.settings, "操作员"), TOKEN)
    guarded = Guard(pages, TOKEN, {"127.0.0.1"})
    with answering(guarded) as url, Client(base_url=f"{url}/{TOKEN}/", headers={"Origin": url}) as client:
        yield client


def guyuan(folder: Path) -> CentreStatus:
    """Where the centre stands."""
    place = Workspace(folder)
    return next(one for one in status_of(place.store, place.season).centres if one.id == "guyuan")


def is_reviewed(folder: Path) -> bool:
    """What status says of the centre's newest bundle."""
    bundle = guyuan(folder).bundle
    return bundle is not None and bundle.reviewed


def see(client: Client, page: int, portraits: str) -> Any:
    """Tell that a page was on the screen."""
    return client.post("api/gallery/guyuan/seen", json={"portraits": portraits, "page": page}).json()


# ---- Who looked, and at what


deliveries = st.lists(st.integers(0, 40), unique=True).map(
    lambda serials: [a_delivery(f"21640012{serial:05d}") for serial in serials]
)


@given(deliveries, st.randoms())
def test_a_list_of_portraits_has_one_digest_in_whatever_order(found: list[Delivery], random: Any) -> None:
    assert portraits_digest(found) == portraits_digest(random.sample(found, len(found)))


@given(deliveries, deliveries)
def test_other_students_are_another_list(one: list[Delivery], other: list[Delivery]) -> None:
    same = {each.student_no for each in one} == {each.student_no for each in other}
    assert same == (portraits_digest(one) == portraits_digest(other))


def test_what_is_shown_is_what_the_bundle_holds(folder: Path) -> None:
    place = Workspace(folder)
    assert place.bundles["guyuan"].deliveries == portraits_of(place.store, place.season, "guyuan")


def test_a_bundle_is_reviewed_while_it_holds_exactly_what_was_seen(folder: Path) -> None:
    place, before = Workspace(folder), bundles(folder)
    assert not is_reviewed(folder)
    note_look(place.store, "guyuan", place.bundles["guyuan"].deliveries, "操作员", "")
    assert (True, before) == (is_reviewed(folder), bundles(folder))
    source = place.season.chosen[ANNA.student_no].match.sha256
    take_decision(place.store, "test", "", act=Act.REJECT, capture=source, reason="闭眼")
    run(folder)
    assert not is_reviewed(folder)


def test_status_marks_a_reviewed_bundle(folder: Path) -> None:
    place = Workspace(folder)
    note_look(place.store, "guyuan", place.bundles["guyuan"].deliveries, "操作员", "")
    (row,) = centre_rows([guyuan(folder)])
    assert "是" == row[CENTRE_COLUMNS.index("已翻看")]


def test_a_page_that_was_not_on_the_screen_keeps_the_look_from_counting(client: Client, folder: Path) -> None:
    portraits = client.get("api/gallery/guyuan").json()["portraits"]
    store = Workspace(folder).store
    assert (False, 2) == tuple(see(client, 1, portraits)[key] for key in ("reviewed", "left"))
    assert [] == looks(store, "guyuan")
    assert see(client, 0, portraits)["reviewed"]
    assert see(client, 0, portraits)["reviewed"]
    assert [("操作员", 2)] == [(look.who, look.count) for look in looks(store, "guyuan")]
    assert is_reviewed(folder)


def test_what_was_held_while_looking_is_left_out_and_the_next_bundle_is_reviewed(
    client: Client, folder: Path
) -> None:
    found = client.get("api/gallery/guyuan").json()
    source = found["students"][0]["source"]
    body = {"act": "hold", "capture": source, "key": "key-00000001", "after": found["after"]}
    assert client.post("api/decisions", json=body).is_success
    assert see(client, 0, found["portraits"])["reviewed"]
    assert not is_reviewed(folder)  # the bundle of last night still holds it
    run(folder)
    assert is_reviewed(folder)
    assert [1] == [look.count for look in looks(Workspace(folder).store, "guyuan")]


def test_a_list_that_is_not_todays_is_not_taken_for_a_look(client: Client) -> None:
    assert {"reviewed": False, "stale": True, "left": 0} == see(client, 0, "0" * 64)


def test_a_portrait_is_shown_as_its_pixels_and_nothing_else_is(client: Client, folder: Path) -> None:
    place = Workspace(folder)
    for one in client.get("api/gallery/guyuan").json()["students"]:
        answer = client.get(f"portraits/{one['source']}")
        assert place.season.renders[one["source"]].sha256 == digest(answer.content)
    for path in (f"portraits/{'0' * 64}", "gallery/nowhere", "api/gallery/nowhere"):
        assert 404 == client.get(path).status_code


# ---- By keyboard, in a browser


@needs_chromium
def test_pages_are_turned_and_portraits_held_by_key_and_the_look_is_kept(
    tmp_path: Path, amount: Callable[[int, int], int]
) -> None:
    sitters = people("guyuan", A_PAGE + amount(2, 40), first=400)
    sittings = in_turn(datetime(2023, 7, 3, 8, 30), *(Sitting(one, 3, frames=1) for one in sitters), every=60)
    build(tmp_path, Plan((Roster("名册.csv", tuple(sitters)),), (Day(GUYUAN, (Card(sittings),)),)))
    run(tmp_path)
    with served(tmp_path) as url, chromium() as browser:
        page, asked = opened(browser, f"{url}/gallery/guyuan")
        page.wait_for_selector(".portrait:nth-child(24)")
        until(page, "[...document.images].every((one) => one.naturalWidth)")
        page.keyboard.press("b")
        page.wait_for_selector(".portrait:nth-child(2)[aria-pressed=true]")
        page.keyboard.press("c")
        page.wait_for_selector(".portrait:nth-child(3)[aria-pressed=true]")
        page.keyboard.press("c")
        page.wait_for_selector(".portrait:nth-child(3)[aria-pressed=false]")
        while not page.locator("[data-act=next]").is_disabled():
            page.mouse.wheel(0, 5000)
            page.wait_for_timeout(300)
            page.keyboard.press("ArrowRight")
            until(page, "[...document.images].every((one) => one.naturalWidth)")
        page.mouse.wheel(0, 5000)
        page.wait_for_selector("#say:has-text('全部看过')")
        assert ([], {"127.0.0.1"}) == (asked.complaints, asked.hosts)
    place = Workspace(tmp_path)
    assert [Act.HOLD, Act.HOLD, Act.UNDO] == [one.act for one in load_decisions(place.store)]
    run(tmp_path)
    assert (len(sitters) - 1, True) == (guyuan(tmp_path).delivered, is_reviewed(tmp_path))


# ---- The proof sheet


@needs_font
def test_the_proof_sheet_has_twenty_a_page_and_the_same_bytes_every_time(folder: Path) -> None:
    jpeg = Workspace(folder).store.read(next(iter(Workspace(folder).store.keys("portraits"))))
    letters = Lettering()
    for count, pages in ((0, 1), (1, 1), (20, 1), (21, 2), (41, 3)):
        proofs = [Proof(f"21640012{serial:05d}", "买买提·艾力", jpeg) for serial in range(count)]
        made = proof_sheet("固原学院", proofs, letters)
        assert (made, pages) == (proof_sheet("固原学院", proofs, letters), made.count(b"/Type /Page\n"))


@needs_font
def test_rare_characters_are_shown_and_one_that_cannot_be_is_named() -> None:
    letters = Lettering()
    assert "" == letters.lacking("王䶮𬭎㐀NULL 买买提·艾力")
    (one,) = unprintable([Proof("1", "张\U0003134a三", b""), Proof("2", "王䶮", b"")], letters)
    assert ("1", "U+3134A") == (one.student_no, one.codes)


@needs_font
def test_words_are_drawn_and_different_words_differ() -> None:
    letters = Lettering()
    assert 3 == len({letters.drawn(text, 11).image.tobytes() for text in ("王䶮", "王𬭎", "王囗")})


def test_a_font_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    path = tmp_path / "坏.ttf"
    path.write_bytes(b"no font")
    with pytest.raises(NoFont, match=r"坏\.ttf"):
        Lettering(path)


@needs_font
def test_a_sheet_is_written_over_nothing(folder: Path, tmp_path: Path) -> None:
    place = Workspace(folder)
    (tmp_path / "校对表-guyuan.pdf").write_text("mine", encoding="utf-8")
    written = write_sheet(place.store, place.season, "guyuan", tmp_path)
    assert written
    assert ("校对表-guyuan-2.pdf", 2, []) == (written.path.name, written.portraits, written.unprintable)
    assert "mine" == (tmp_path / "校对表-guyuan.pdf").read_text(encoding="utf-8")


@needs_font
@pytest.mark.parametrize(
    ("centre", "told"), [("guyuan", "还没有由现在的版本读取"), ("binhe", "还没有可校对的照片")]
)
def test_a_sheet_of_nobody_is_not_written(folder: Path, tmp_path: Path, centre: str, told: str) -> None:
    """Where no night has read the pictures anew yet, or nobody was photographed."""
    as_if_released(folder)
    done = program("review", "sheet", centre, "--to", tmp_path / "desk", folder=folder)
    assert (2, False) == (done.returncode, (tmp_path / "desk").exists())
    assert told in done.stderr
