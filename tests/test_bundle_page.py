"""The page inside a bundle: everybody is on it, nothing on it is code, and it opens anywhere, also on paper."""

import re
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import bagit
import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.adapters.bag import INDEX, read_contents
from gradphoto.adapters.verify import verify
from gradphoto.bundle import Absent, Change, Contents
from gradphoto.bundle_page import page
from gradphoto.states import StudentState
from tests.pages import chromium, needs_chromium
from tests.some_bundle import DELIVERIES, LI, MA, WANG, a_delivery, bag_bytes, some_contents

_LOADED = "Promise.all(Array.from(document.images, one => one.decode().then(() => one.naturalWidth)))"
EVIL = "<script>alert(1)</script>\"&'<img src=x onerror=y>"


class Seen(HTMLParser):
    """What a browser would see of a page: its tags, their links, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.links, self.text = Counter[str](), list[str](), ""
        self.attributes = set[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        self.links += [str(value) for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def a_second_version() -> Contents:
    """A version in which one photo was replaced and one taken back."""
    absent = (
        Absent(student_no=LI, name="买买提·艾力", state=StudentState.REJECTED, reasons=("glasses",)),
        Absent(student_no=MA, name="丙", state=StudentState.INELIGIBLE),
    )
    changed = (Change(student_no=WANG, change="replaced"), Change(student_no=LI, change="removed"))
    return some_contents(2, deliveries=DELIVERIES[:1], absent=absent, changes=changed)


def test_everybody_is_on_it_with_picture_or_reason() -> None:
    seen = Seen(page(some_contents()))
    for each in DELIVERIES:
        assert f"photos/{each.file}" in seen.links
        assert f"{each.name}{each.student_no}" in seen.text
    assert "待人工核对：照片模糊；之前没有采集码" in seen.text
    assert "有照片 2" in seen.text
    assert "这是第一版，2 张照片都是新增的" in seen.text


def test_later_versions_say_what_changed_and_who_needs_no_photo() -> None:
    html = page(a_second_version())
    assert "<tr><td>2164001200017</td><td><bdi>王芳</bdi></td><td>更换</td></tr>" in html
    assert "<tr><td>2164001200018</td><td><bdi>买买提·艾力</bdi></td><td>撤下</td></tr>" in html
    heads = re.findall("<h2>(.*)</h2>", html)
    assert ["照片（1 人）", "还没有照片（1 人）", "不需要照片（1 人）", "与上一版相比"] == heads


def test_every_link_leads_to_a_file_of_the_bag(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(bag_bytes(some_contents()))
    with ZipFile(path) as archive:
        links = Seen(archive.read(f"yanchi-v0001/{INDEX}").decode()).links
        names = {name.removeprefix("yanchi-v0001/data/") for name in archive.namelist()}
        assert INDEX in archive.read("yanchi-v0001/manifest-sha256.txt").decode()
    assert {link.replace("%E5%90%8D%E5%8D%95", "名单") for link in links} <= names
    assert 2 * len(DELIVERIES) + 4 == len(links)


@given(st.text(max_size=30) | st.just(EVIL))
def test_whatever_a_roster_says_is_text_and_never_markup(name: str) -> None:
    absent = (Absent(student_no=MA, name=name, state=StudentState.REJECTED, reasons=(name,)),)
    plain, odd = (
        page(some_contents(deliveries=(a_delivery(name=one),), absent=(part,), centre_name=one))
        for one, part in (("x", absent[0].model_copy(update={"name": "x"})), (name, absent[0]))
    )
    seen = Seen(odd)
    assert Seen(plain).tags == seen.tags
    assert Seen(plain).links == seen.links
    assert not {"onerror", "onclick", "onload", "style"} & seen.attributes


def test_it_needs_nothing_from_outside() -> None:
    html = page(some_contents())
    assert not re.search(r"https?:|//|url\(|@import|<script|<iframe|<link|javascript:", html)


def test_a_bundle_of_an_earlier_release_without_it_stays_valid_and_readable(tmp_path: Path) -> None:
    ZipFile(_written(tmp_path, bag_bytes(some_contents()))).extractall(tmp_path)
    bag = tmp_path / "yanchi-v0001"
    (bag / INDEX).unlink()
    bagit.Bag(str(bag)).save(manifests=True)
    older = tmp_path / "older.zip"
    with ZipFile(older, "w") as archive:
        for each in sorted(bag.rglob("*")):
            archive.write(each, each.relative_to(tmp_path))
    assert [] == verify(older)
    assert DELIVERIES == read_contents(older).deliveries


def _written(folder: Path, data: bytes) -> Path:
    path = folder / "whole.zip"
    path.write_bytes(data)
    return path


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_from_the_folder_without_a_network_and_prints(tmp_path: Path, scheme: str) -> None:
    contents = a_second_version() if scheme == "dark" else some_contents()
    ZipFile(_written(tmp_path, bag_bytes(contents))).extractall(tmp_path)
    address = (tmp_path / contents.name / INDEX).as_uri()
    asked: list[str] = []
    with chromium() as browser:
        tab = browser.new_page(color_scheme=scheme, viewport={"width": 390, "height": 800})
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("pageerror", lambda error: pytest.fail(str(error)))
        tab.goto(address)
        sizes = tab.evaluate(_LOADED)
        wide = tab.evaluate("document.documentElement.scrollWidth")
        violations = Axe().run(tab).response["violations"]
        tab.pdf(path=tmp_path / "x.pdf", prefer_css_page_size=True)
    assert [480] * len(contents.deliveries) == sizes
    assert [] == [one["id"] for one in violations if one["impact"] in ("serious", "critical")]
    assert 390 == wide
    assert all(url.startswith(tmp_path.as_uri()) for url in asked)
    printed = subprocess.run(["pdftotext", "-layout", tmp_path / "x.pdf", "-"], capture_output=True, check=True)
    text = printed.stdout.decode()
    assert all(part.student_no in text for part in (*contents.deliveries, *contents.absent))
    paper = subprocess.run(["pdfinfo", tmp_path / "x.pdf"], capture_output=True, check=True).stdout.decode()
    assert "(A4)" in paper
