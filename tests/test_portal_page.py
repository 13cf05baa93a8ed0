"""The portal in a real browser: from the link to the bundle, on a phone and on a desk, by day and by night."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from gradphoto.adapters.verify import verify
from gradphoto.demo.workspace import build
from gradphoto.stages.addresses import addresses_now, confirm_electronic
from gradphoto.stages.invites import revoke_invites
from gradphoto.stages.snapshot import load_inputs, newest_snapshot
from tests.pages import PATIENCE, Asked, chromium, doubtful, needs_chromium
from tests.portal_visits import Portal, opened_portal, wants_files
from tests.small_night import run

pytestmark = needs_chromium
CENTRE_PAGES = ("/centre", "/centre/students", "/centre/again", "/centre/address")
OFFICE_PAGES = (
    "/office",
    "/office/centres/guyuan",
    "/office/centres/longde",
    "/office/sessions",
    "/office/runs",
    "/office/runs/1",
    "/office/invites",
    "/office/pages/",
    "/office/pages/gallery",
    "/office/pages/gallery/guyuan",
)
PHONE, DESK = (360, 740), (1280, 800)
Scheme = Literal["light", "dark"]
View = tuple[Scheme, tuple[int, int]]
VIEWS: list[View] = [("dark", PHONE), ("light", DESK), ("light", PHONE), ("dark", DESK)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a night: somebody missing, something to review, a centre that failed."""
    folder = tmp_path_factory.mktemp("pages")
    build(folder, doubtful())
    run(folder, drill=["longde"])
    return folder


@pytest.fixture
def portal(night: Path, tmp_path: Path) -> Iterator[Portal]:
    shutil.copytree(night, tmp_path / "ws", ignore=shutil.ignore_patterns("inbox"))
    with opened_portal(tmp_path / "ws") as portal:
        yield portal


def came_in(browser: Browser, portal: Portal, token: str, size: tuple[int, int] = PHONE, **more: Any) -> Page:
    """Somebody who opened the link and pressed the one button."""
    page = at_the_door(browser, portal, token, size, **more)
    page.click("button.main")
    page.wait_for_load_state()
    return page


def at_the_door(browser: Browser, portal: Portal, token: str, size: tuple[int, int] = PHONE, **more: Any) -> Page:
    width, height = size
    page = browser.new_context(viewport={"width": width, "height": height}, **more).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{portal.url}/enter#{token}")
    return page


def path(page: Page) -> str:
    return urlsplit(page.url).path


CUT_AND_RESUMED = """async (path) => {
  const begun = await fetch(path, { headers: { Range: "bytes=0-39999" } });
  const first = await begun.blob();
  const headers = { Range: `bytes=${first.size}-`, "If-Range": begun.headers.get("ETag") };
  const rest = await fetch(path, { headers });
  const whole = await new Blob([first, await rest.blob()]).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return [first.size, rest.status, Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")];
}"""
"""A download that ended after 40,000 bytes and is taken up where it stopped."""


def test_from_the_link_to_the_bundle_on_a_phone(browser: Browser, portal: Portal, tmp_path: Path) -> None:
    page = at_the_door(browser, portal, portal.token("guyuan"))
    asked = Asked(page)
    assert ("/enter", "") == (path(page), urlsplit(page.url).fragment)

    page.keyboard.press("Enter")  # the button has the focus
    page.wait_for_url("**/centre")
    assert "没有申请电子数据" in page.inner_text("main")

    page.click("nav >> text=地址")
    for name, words in {"phone": "0954-2020202", "address": "宁夏固原市原州区学院路1号教务处"}.items():
        page.fill(f"#{name}", words)
    page.check("#electronic-yes")
    page.click("button.main")  # nobody has signed
    page.wait_for_selector("#signature[aria-invalid]")
    assert "请写明是谁确认的" in page.inner_text("[role=alert]")

    page.fill("#signature", "马示例")
    page.click("button.main")
    page.wait_for_url("**/centre/address?saved=1")
    assert "马示例 签名" in page.inner_text("main")

    page.click("nav >> text=进度")
    assert "等采集中心确认" in page.inner_text("main")
    confirm_electronic(portal.store, "guyuan", "操作员", "", True)
    page.reload()
    with page.expect_download() as begun:
        page.click("text=下载照片包")
    begun.value.save_as(tmp_path / begun.value.suggested_filename)

    assert "固原学院-第1版.zip" == begun.value.suggested_filename
    (tmp_path / "固原学院-第1版.zip").rename(tmp_path / "guyuan-v0001.zip")
    assert [] == verify(tmp_path / "guyuan-v0001.zip")
    assert [40_000, 206, sha256((tmp_path / "guyuan-v0001.zip").read_bytes()).hexdigest()] == page.evaluate(
        CUT_AND_RESUMED, page.get_attribute("text=下载照片包", "href")
    )
    assert {"127.0.0.1"} == asked.hosts
    assert 1 == len(asked.complaints)  # of the form that nobody had signed: 422


def test_without_script_the_link_is_pasted(browser: Browser, portal: Portal) -> None:
    token = portal.token("guyuan")
    page = at_the_door(browser, portal, token, java_script_enabled=False)
    page.fill("#token", f"{portal.url}/enter#{token}")
    page.click("button.main")
    page.wait_for_url("**/centre")
    page.click("nav >> text=补拍")
    assert "7月16日" in page.inner_text("main")


def test_another_centres_bundle_is_not_there(browser: Browser, portal: Portal) -> None:
    wants_files(portal.store, "guyuan")
    page = came_in(browser, portal, portal.token("xiji"))
    answer = page.goto(f"{portal.url}/bundles/guyuan/1")
    assert answer
    assert (404, "没有此页") == (answer.status, page.inner_text("h1"))


def test_an_expired_and_a_revoked_link_let_nobody_in(browser: Browser, portal: Portal) -> None:
    expired, revoked = portal.token("guyuan", days=1), portal.token("guyuan")
    revoke_invites(portal.store, [2], portal.clock())
    portal.clock.later(days=1)
    for token in (expired, revoked):
        page = came_in(browser, portal, token)
        assert ("/enter", "这个链接无效、已过期或已撤销，请向采集中心要一个新的") == (
            path(page),
            page.inner_text("[role=alert]"),
        )


def test_whoever_is_revoked_or_signs_out_is_outside_at_once(browser: Browser, portal: Portal) -> None:
    first, second = (came_in(browser, portal, portal.token("guyuan")) for _ in range(2))
    revoke_invites(portal.store, [1], portal.clock())
    first.reload()
    assert "没有此页" == first.inner_text("h1")

    second.click("text=退出登录")
    second.wait_for_url("**/enter")
    second.go_back()
    second.reload()
    assert "没有此页" == second.inner_text("h1")


def test_the_operator_asks_for_a_rerun_and_confirms_by_keyboard(browser: Browser, portal: Portal) -> None:
    inputs = load_inputs(portal.store, newest_snapshot(portal.store))
    page = came_in(browser, portal, portal.token(), DESK)
    page.keyboard.press("Tab")
    assert "跳到正文" == page.evaluate("document.activeElement.textContent")

    page.click("main >> text=隆德学习中心 >> nth=0")
    for button in ("请求重做", "确认电子数据"):
        page.focus(f"button:has-text('{button}')")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"button:has-text('{button}')", state="detached")
    assert "等待处理" in page.inner_text("main")
    assert addresses_now(portal.store, inputs)["longde"].downloads


def test_axe_finds_nothing_serious_and_a_phone_needs_no_sideways_scrolling(
    browser: Browser, portal: Portal, amount: Callable[[int, int], int]
) -> None:
    """Every page as each reader has it, and the plain one that says that there is nothing."""
    wants_files(portal.store, "guyuan")
    views = VIEWS[: amount(2, len(VIEWS))]
    found = []
    for token, pages in ((portal.token("guyuan"), CENTRE_PAGES), (portal.token(), OFFICE_PAGES)):
        page = at_the_door(browser, portal, token)
        found += faults(page, views)
        page.click("button.main")
        page.wait_for_load_state()
        for each in (*pages, "/nothing"):
            page.goto(portal.url + each)
            page.wait_for_load_state("networkidle")
            found += faults(page, views)
    assert [] == found


def faults(page: Page, views: Sequence[View]) -> list[tuple[str, ...]]:
    """What axe calls serious or critical, and a page that is wider than its window."""
    page.evaluate(AXE_SCRIPT)
    return [fault for view in views for fault in _faults(page, *view)]


def _faults(page: Page, scheme: Scheme, size: tuple[int, int]) -> Iterator[tuple[str, ...]]:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    if page.evaluate("document.documentElement.scrollWidth") > size[0]:
        yield path(page), "wide"
    for one in page.evaluate("axe.run({resultTypes: ['violations']}).then((said) => said.violations)"):
        if one["impact"] in ("serious", "critical"):
            yield path(page), scheme, one["id"], one["nodes"][0]["html"]
