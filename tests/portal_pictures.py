"""The pictures of the portal in `docs/pictures/`: `python -m tests.portal_pictures WORKSPACE`, of a demo's.

Sample sitters, invented names. The workspace is copied, so that it stays as it is; the copy's clock stands still.
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from gradphoto.run import CentreOutcome, Run
from gradphoto.stages.runs import record_run
from tests.pages import ROOT, chromium
from tests.portal_visits import Portal, opened_portal, wants_files

TO = ROOT / "docs" / "pictures"
LARGEST = 150_000
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2}
DESK: dict[str, Any] = {"viewport": {"width": 1080, "height": 760}}
CENTRE = {
    "centre": "/centre",
    "students": "/centre/students",
    "again": "/centre/again",
    "address": "/centre/address",
}
OFFICE = {
    "office": "/office",
    "office-centre": "/office/centres/xiji",
    "sessions": "/office/sessions",
    "runs": "/office/runs",
    "run": "/office/runs/1",
    "invites": "/office/invites",
    "review": "/office/pages/",
    "gallery": "/office/pages/gallery/guyuan",
}


def shoot(workspace: Path) -> None:
    """Every page; the phone's by day, the same by night, the desk's by day."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "ws"
        shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns("inbox", ".portal", "invites"))
        with opened_portal(folder) as portal, chromium() as browser:
            _make_ready(portal)
            phone = _inside(browser, portal, "yanchi", "portal-enter", **PHONE)
            for name, path in CENTRE.items():
                _take(phone, portal, name, path)
            night = _inside(browser, portal, "yanchi", "", color_scheme="dark", **PHONE)
            _take(night, portal, "centre-dark", "/centre")
            desk = _inside(browser, portal, "", "", **DESK)
            for name, path in OFFICE.items():
                _take(desk, portal, name, path)


def _make_ready(portal: Portal) -> None:
    """Something of everything: files to fetch, a centre that failed."""
    wants_files(portal.store, "yanchi")
    outcome = CentreOutcome(centre="xiji", result="failed", reason="存储故障：磁盘没有应答")
    record_run(portal.store, Run(flow="nightly", snapshot=1, centres=(outcome,)))


def _inside(browser: Browser, portal: Portal, centre: str, picture: str, **how: Any) -> Page:
    page = browser.new_context(**how).new_page()
    page.goto(f"{portal.url}/enter#{portal.token(centre)}")
    if picture:
        _keep(page.screenshot(), picture)
    page.click("button.main")
    page.wait_for_load_state()
    return page


def _take(page: Page, portal: Portal, name: str, path: str) -> None:
    page.goto(portal.url + path)
    page.wait_for_load_state("networkidle")
    _keep(page.screenshot(), f"portal-{name}")


def _keep(png: bytes, name: str) -> None:
    """With as many colours as fit."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        buffer = BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        if len(buffer.getvalue()) < LARGEST:
            break
    (TO / f"{name}.png").write_bytes(buffer.getvalue())


if __name__ == "__main__":
    shoot(Path(sys.argv[1]))
