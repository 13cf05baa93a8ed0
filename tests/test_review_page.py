"""The review page: who may ask, what it shows, and that a decision by key is the command line's decision."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from httpx import Client
from PIL import Image

from cli.main import app
from cli.workspace import Workspace
from config.bad_input import BadInput
from gradphoto.adapters.imaging.thumb import LARGE, shown
from gradphoto.adapters.store import keep
from gradphoto.decision import Act
from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, in_turn
from gradphoto.demo.students import people
from gradphoto.discrepancy import Discrepancy
from gradphoto.stages.decide import take_decision
from gradphoto.stages.journals import load_decisions
from gradphoto.stages.thumbs import Thumbs
from portal.app import operators_pages
from portal.guard import HEADERS, Guard
from portal.office import Office
from tests.pages import (
    GINA,
    HUGO,
    JACK,
    answering,
    chromium,
    doubtful,
    needs_chromium,
    opened,
    served,
    until,
)  # fmt: skip
from tests.small_night import ANNA, CARL, GUYUAN, build, program, run

TOKEN = "token-of-this-test"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a night that left something for a person."""
    folder = tmp_path_factory.mktemp("review")
    build(folder, doubtful())
    run(folder)
    return folder


@pytest.fixture
def folder(night: Path, tmp_path: Path) -> Path:
    """A copy of it to decide in."""
    shutil.copytree(night, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def office(folder: Path) -> Office:
    place = Workspace(folder)
    return Office(place.store, folder, place.settings, "操作员")


@pytest.fixture
def client(office: Office) -> Iterator[Client]:
    """A browser with the token that sits at this machine."""
    app = Guard(operators_pages(office, TOKEN), TOKEN, {"127.0.0.1"})
    with answering(app) as url, Client(base_url=f"{url}/{TOKEN}/", headers={"Origin": url}) as client:
        yield client


def pending(client: Client) -> dict[str, Any]:
    """The document of the review page."""
    return dict(client.get("api/pending").json())


def ask(client: Client, act: str, key: str = "key-00000001", after: int = 0, **what: Any) -> Any:
    """Post one decision."""
    return client.post("api/decisions", json={"act": act, "key": key, "after": after, **what})


def decisions(folder: Path) -> list[tuple[Act, str | None, str | None, str]]:
    """What stands in the store."""
    found = load_decisions(Workspace(folder).store)
    return [(one.act, one.capture, one.student_no, one.reason) for one in found]


def command(folder: Path, *words: str) -> None:
    """A command of the program, in this process."""
    app([*words, "--workspace", str(folder)], standalone_mode=False)


def refused(folder: Path, *words: str) -> str:
    """The one line by which a command is refused."""
    with pytest.raises(BadInput) as trouble:
        command(folder, *words)
    (line,) = str(trouble.value).splitlines()
    return line


# ---- Who may ask


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/", "127.0.0.1"),
        ("/wrong-token/", "127.0.0.1"),
        (f"/{TOKEN}x/", "127.0.0.1"),
        (f"/{TOKEN}/", "attacker.example:8000"),
        (f"/{TOKEN}/", "attacker.example"),
        (f"/{TOKEN}/", "10.0.0.7:8000"),
        (f"/{TOKEN}/", "127.0.0.1.attacker.example"),
    ],
)
def test_a_wrong_token_and_a_strange_host_get_the_same_answer(client: Client, path: str, host: str) -> None:
    answer = client.get(client.base_url.join(path), headers={"Host": host})
    assert (404, "没有此页") == (answer.status_code, answer.text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://attacker.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
        {"Origin": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_only_our_own_page_may_decide(client: Client, folder: Path, headers: dict[str, str]) -> None:
    (item, *_) = pending(client)["queue"]
    body = {"act": "hold", "key": "key-00000001", "after": 0, "capture": item["sha256"]}
    answer = client.post("api/decisions", json=body, headers=headers)
    assert (403, []) == (answer.status_code, decisions(folder))


def test_a_post_of_megabytes_is_not_read(client: Client) -> None:
    assert 403 == client.post("api/students", json={"words": "x" * 100_000}).status_code


@pytest.mark.parametrize("path", ["", "gallery", "api/pending", "static/review.js", "no/such/page"])
def test_every_answer_says_nothing_from_elsewhere_and_nothing_kept(client: Client, path: str) -> None:
    answer = client.get(path)
    assert HEADERS.items() <= {name: answer.headers.get(name, "") for name in HEADERS}.items()


def test_a_capture_is_shown_and_nothing_else_by_any_name(client: Client) -> None:
    (item, *_) = pending(client)["queue"]
    answer = client.get(f"pictures/large/{item['sha256']}")
    assert (200, "image/jpeg", "no-store") == (
        answer.status_code,
        answer.headers["content-type"],
        answer.headers["cache-control"],
    )
    for path in (f"pictures/large/{'0' * 64}", "pictures/large/..%2f..%2fgradphoto.toml", "pictures/raw/0"):
        assert client.get(path).status_code in (404, 422)


def test_an_address_that_others_reach_must_be_allowed(folder: Path) -> None:
    assert "--allow-remote" in refused(folder, "review", "serve", "--host", "0.0.0.0")


def test_an_address_of_another_machine_is_one_line(folder: Path) -> None:
    assert "192.0.2.1" in refused(folder, "review", "serve", "--host", "192.0.2.1", "--allow-remote")


# ---- What waits


def test_the_queue_holds_portraits_in_shooting_order_and_counts_the_rest(client: Client) -> None:
    found = pending(client)
    paths = [item["path"] for item in found["queue"]]
    assert sorted(paths) == paths
    assert ({"whose", "look"}, 1) == (
        {why["asks"] for item in found["queue"] for why in item["reasons"]},
        found["others"],
    )


def test_each_has_its_neighbours_and_each_of_them_a_letter_for_its_state(client: Client) -> None:
    found = pending(client)
    for item in found["queue"]:
        assert item["sha256"] in item["beside"]
        assert set(item["beside"]) <= set(found["frames"])
    assert {"待", "码", "包", "备"} <= {frame["mark"] for frame in found["frames"].values()}


def test_the_sitter_behind_an_unreadable_slate_is_the_first_candidate(client: Client) -> None:
    (item, *_) = pending(client)["queue"]
    first = item["candidates"][0]
    assert (CARL.student_no, False, []) == (first["student_no"], "已入包" == first["state"], first["pictures"])


def test_the_sitter_of_a_forgotten_slate_is_among_the_candidates_with_the_scan(client: Client) -> None:
    last = [item for item in pending(client)["queue"] if len(item["reasons"]) > 2][-1]
    (hugo,) = [one for one in last["candidates"] if one["student_no"] == HUGO.student_no]
    assert any("扫码" in words for words in hugo["why"])


def test_the_crop_and_the_face_lie_in_the_picture(client: Client) -> None:
    for item in pending(client)["queue"]:
        crop, face = item["crop"], item["face"]
        assert 0 <= crop["left"] < face["cx"] < crop["right"] <= item["width"]
        assert 0 <= crop["top"] < face["crown"] < face["eye"] < face["chin"] < crop["bottom"] <= item["height"]


@pytest.mark.parametrize("words", [CARL.name, CARL.student_no[-4:], f" {CARL.student_no} "])
def test_a_student_is_found_by_number_or_name(client: Client, words: str) -> None:
    found = client.post("api/students", json={"words": words}).json()["students"]
    assert CARL.student_no in [one["student_no"] for one in found]


# ---- What is decided


def test_one_key_is_one_decision_however_often_it_is_sent(client: Client, folder: Path) -> None:
    (item, *_) = pending(client)["queue"]
    first, again = (ask(client, "reject", capture=item["sha256"], reason="glasses") for _ in range(2))
    assert {"decision": 1, "others": []} == first.json() == again.json()
    assert [(Act.REJECT, item["sha256"], None, "眼镜")] == decisions(folder)


def test_who_is_overtaken_on_the_same_capture_is_told_and_keeps_nothing(client: Client, folder: Path) -> None:
    one, other = (item["sha256"] for item in pending(client)["queue"][:2])
    take_decision(Workspace(folder).store, "小王", "", act=Act.REJECT, capture=one, reason="闭眼")
    refused = ask(client, "hold", capture=one)
    assert (409, "小王 已退回 闭眼（决定 1）") == (refused.status_code, refused.json()["other"]["line"])
    heard = ask(client, "hold", key="key-00000002", capture=other).json()
    assert (2, [one]) == (heard["decision"], [each["capture"] for each in heard["others"]])


def test_taking_a_decision_back_counts_as_deciding_on_its_capture(client: Client, folder: Path) -> None:
    (item, *_) = pending(client)["queue"]
    ask(client, "hold", capture=item["sha256"])
    take_decision(Workspace(folder).store, "小王", "", act=Act.UNDO, undone=1)
    assert 409 == ask(client, "choose", key="key-00000002", after=1, capture=item["sha256"]).status_code


def test_page_and_command_line_refuse_in_the_same_words(client: Client, folder: Path) -> None:
    found = pending(client)
    capture = found["queue"][0]["sha256"]
    slate = next(sha256 for sha256, frame in found["frames"].items() if frame["state"] == "slate")
    cases: list[tuple[list[str], dict[str, Any]]] = [
        (["assign", capture, JACK.student_no], {"capture": capture, "student_no": JACK.student_no}),
        (["assign", capture, "9999999999999"], {"capture": capture, "student_no": "9999999999999"}),
        (["choose", slate], {"capture": slate}),
        (["reject", capture, "--reason", " "], {"capture": capture, "reason": " "}),
        (["undo", "7"], {"undone": 7}),
    ]
    for words, asked in cases:
        answer = ask(client, words[0], **asked)
        assert (422, refused(folder, "review", *words)) == (answer.status_code, answer.json()["problem"])
    assert [] == decisions(folder)


@pytest.mark.parametrize("body", [{}, {"act": "marry"}, {"act": "hold", "capture": "../x"}])
def test_nonsense_is_refused_in_one_line(client: Client, body: dict[str, Any]) -> None:
    answer = client.post("api/decisions", json={"key": "key-00000001", "after": 0, **body})
    assert answer.status_code == 422
    assert 1 == len(answer.json()["problem"].splitlines())


def test_a_reason_of_the_notices_list_reaches_the_retake_list_as_its_word(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Workspace(folder)
    for sha256, candidate in place.season.candidates.items():
        if candidate.match.student_no == GINA.student_no:
            command(folder, "review", "reject", sha256, "--reason", "head-covering")
    capsys.readouterr()
    command(folder, "retakes", "--json")
    (gina,) = [one for one in json.loads(capsys.readouterr().out)["retakes"] if one["name"] == GINA.name]
    assert ("头饰帽子", True) == (gina["why"], "不得佩带帽子" in gina["rule"])


def test_the_command_line_holds_a_capture_too(folder: Path) -> None:
    sha256 = next(iter(Workspace(folder).season.candidates))
    command(folder, "review", "hold", sha256[:12], "--reason", "像是别人")
    assert [(Act.HOLD, sha256, None, "像是别人")] == decisions(folder)


# ---- Pictures


def test_a_picture_is_made_once_and_only_its_owner_can_read_it(office: Office, folder: Path) -> None:
    sha256 = next(iter(office.season.candidates))
    assert 1 == office.thumbs.make([sha256, sha256])
    paths = [folder / "cache" / size / f"{sha256}.jpg" for size in ("thumbs", "large")]
    made = [path.stat().st_mtime_ns for path in paths]
    assert (0, made) == (office.thumbs.make([sha256]), [path.stat().st_mtime_ns for path in paths])
    assert {0o600} == {path.stat().st_mode & 0o777 for path in paths}
    assert {0o700} == {path.parent.stat().st_mode & 0o777 for path in paths}
    shutil.rmtree(folder / "cache")
    assert office.thumbs.picture(sha256, "thumbs")


def jpeg(size: tuple[int, int], orientation: int = 1) -> bytes:
    """A picture, dark above and light below as it is meant to be seen."""
    out, exif = BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    image = Image.new("L", size, 20)
    image.paste(230, (0, size[1] // 2, size[0], size[1]))
    turned = image.transpose(Image.Transpose.ROTATE_90) if orientation == 6 else image
    turned.convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("orientation", [1, 6])
def test_pictures_are_upright_and_never_enlarged(orientation: int) -> None:
    for size, expected in (((800, 1200), (800, 1200)), ((1600, 2400), (800, LARGE)), ((40, 30), (40, 30))):
        made = shown(jpeg(size, orientation))
        assert not isinstance(made, Discrepancy)
        image = Image.open(BytesIO(made.large)).convert("L")
        assert expected == image.size
        assert image.getpixel((5, 2)) < 60 < 200 < image.getpixel((5, image.height - 2))  # type: ignore[operator]
        assert not Image.open(BytesIO(made.small)).getexif()


@pytest.mark.parametrize("data", [b"", b"not a picture", jpeg((800, 1200))[:2000]])
def test_what_cannot_be_decoded_is_not_shown_and_not_tried_again(tmp_path: Path, data: bytes) -> None:
    from gradphoto.adapters.folder_store import FolderStore

    store = FolderStore(tmp_path / "store")
    thumbs = Thumbs(store, tmp_path, 1)
    sha256 = keep(store, "originals", data)
    assert (None, None) == (thumbs.picture(sha256, "thumbs"), thumbs.picture(sha256, "large"))
    assert not (tmp_path / "cache").exists()


# ---- By keyboard, in a browser


@needs_chromium
def test_everything_pending_is_decided_by_keys_without_loading_a_page(
    folder: Path, figure: Callable[..., None]
) -> None:
    with served(folder, GUYUAN) as url, chromium() as browser:
        page, asked = opened(browser, f"{url}/")
        page.wait_for_selector("#candidates button")
        page.keyboard.press("r")
        page.keyboard.press("9")
        page.keyboard.type("刘海遮眉")
        page.keyboard.press("Enter")
        count, began = 1, time.perf_counter()
        while page.locator("#desk").is_visible():
            before = page.evaluate("document.body.dataset.capture")
            if page.locator("[data-act=accept]").is_disabled():
                page.keyboard.press("1")
                if before == page.evaluate("document.body.dataset.capture"):
                    page.keyboard.press("r")
                    page.keyboard.press("1")
            else:
                page.keyboard.press("a")
            count += 1
            assert count < 40
        spent = time.perf_counter() - began
        page.wait_for_selector("body[data-unsent='0'] #count:has-text('待核对 0 张')")
        page.keyboard.press("u")
        page.wait_for_selector("#say:has-text('已撤销')")
        assert ([], {"127.0.0.1"}) == (asked.complaints, asked.hosts)
        assert 1 == sum(address == f"{url}/" for address in asked.addresses)
        people_named = [CARL, GINA, HUGO, ANNA]
        assert not [
            one for one in asked.addresses for who in people_named if who.student_no in one or who.name in one
        ]
    found = decisions(folder)
    acts = [act for act, *_ in found]
    assert (Act.REJECT, "刘海遮眉") == (acts[0], found[0][3])
    assert {Act.ASSIGN, Act.CHOOSE, Act.REJECT, Act.UNDO} == set(acts)
    assert Act.UNDO is acts[-1]
    figure(f"{count} captures, {60 * count / spent:.0f} a minute by a script at the keys")


@needs_chromium
def test_a_decision_of_somebody_else_is_said_and_undo_brings_the_capture_back(folder: Path) -> None:
    with served(folder) as url, chromium() as browser:
        page, _ = opened(browser, f"{url}/")
        page.wait_for_selector("#candidates button")
        first = page.evaluate("document.body.dataset.capture")
        take_decision(Workspace(folder).store, "小王", "", act=Act.REJECT, capture=first, reason="闭眼")
        page.keyboard.press("h")
        page.wait_for_selector("#say.bad:has-text('小王 已退回 闭眼')")
        page.wait_for_selector(f"body[data-capture='{first}']")
        page.keyboard.press("h")
        page.wait_for_selector(f"body:not([data-capture='{first}'])")
        page.keyboard.press("u")
        page.wait_for_selector(f"body[data-capture='{first}']")
    assert [Act.REJECT, Act.HOLD, Act.UNDO] == [act for act, *_ in decisions(folder)]


@needs_chromium
def test_a_student_without_a_code_is_assigned_only_when_asked_for_twice(folder: Path) -> None:
    with served(folder) as url, chromium() as browser:
        page, _ = opened(browser, f"{url}/")
        page.wait_for_selector("#candidates button")
        page.keyboard.press("/")
        page.keyboard.type(JACK.student_no)
        page.keyboard.press("Enter")
        page.wait_for_selector("#candidates li:only-child button")
        page.keyboard.press("1")
        page.wait_for_selector("#say.bad:has-text('没有采集码')")
        assert [] == decisions(folder)
        page.keyboard.press("1")
        page.wait_for_selector("body[data-unsent='0'] #count:has-text('已决定 1')")
    ((act, _, student_no, _),) = decisions(folder)
    assert (Act.ASSIGN, JACK.student_no) == (act, student_no)


@needs_chromium
def test_the_pages_can_be_used_at_any_size_by_keyboard_alone(folder: Path) -> None:
    with served(folder) as url, chromium() as browser:
        for width, height in ((1280, 800), (390, 844), (640, 400)):  # the last is the first at 200 %
            page, asked = opened(browser, f"{url}/", width=width, height=height)
            page.wait_for_selector("#candidates button")
            until(page, "[...document.images].every((one) => one.naturalWidth)")
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            assert "none" != page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            for path in ("/", "/gallery", "/gallery/guyuan"):
                page.goto(url + path)
                assert "zh-CN" == page.evaluate("document.documentElement.lang")
                assert width >= page.evaluate("document.documentElement.scrollWidth")
                assert [] == [one for one in page.get_by_role("button").all() if not one.inner_text().strip()]
            assert [] == asked.complaints


@needs_chromium
def test_a_crowd_is_decided_in_no_time(
    tmp_path: Path, amount: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    sitters = people("guyuan", amount(6, 50), first=400)
    sittings = in_turn(datetime(2023, 7, 3, 8, 30), *(Sitting(one, 1, held="tilted") for one in sitters), every=40)
    build(tmp_path, Plan((Roster("名册.csv", tuple(sitters)),), (Day(GUYUAN, (Card(sittings),)),)))
    run(tmp_path)
    with served(tmp_path) as url, chromium() as browser:
        page, _ = opened(browser, f"{url}/")
        page.wait_for_selector("#candidates button")
        began = time.perf_counter()
        for left in range(2 * len(sitters) - 1, -1, -1):
            until(page, "document.querySelector('.frame img').naturalWidth")  # it was seen
            page.keyboard.press("a")
            page.wait_for_selector(f"#count:has-text('待核对 {left} 张')", state="attached")
        page.wait_for_selector("body[data-unsent='0']")
        spent = time.perf_counter() - began
    assert 2 * len(sitters) == len(decisions(tmp_path))
    figure(f"{2 * len(sitters)} pending decided in {spent:.1f} s, each after its picture was on the screen")


def test_the_cache_is_no_part_of_the_store(folder: Path, office: Office) -> None:
    office.thumbs.make([next(iter(office.season.candidates))])
    assert 0 == program("fsck", folder=folder).returncode
    assert {"thumbs", "large"} == {path.name for path in (folder / "cache").iterdir()}
