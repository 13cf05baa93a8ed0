"""`watch` closes a session when its inbox says that it is over, and not before."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from cli.setup import make_workspace
from cli.workspace import Workspace
from gradphoto.adapters.inbox import look
from gradphoto.card_manifest import ANCHORS, Listed, write_manifest
from gradphoto.stages.close import closed_sessions
from gradphoto.stages.over import Quiet, inbox_of, is_over
from tests.faults import put
from tests.office import SERVE
from tests.prefect_server import wait_for
from tests.small_night import program

YANCHI, GUYUAN = "2023-07-02-yanchi", "2023-07-03-guyuan"
FRAMES = {"DCIM/IMG_0001.JPG": b"one", "DCIM/IMG_0002.JPG": b"three"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new workspace in which a second without a change is enough."""
    monkeypatch.setenv("GRADPHOTO_QUIET_SECONDS", "1")
    make_workspace(tmp_path)
    return tmp_path


def copy_card(session: Path, name: str, frames: int = 2, manifest: bool = True) -> None:
    """The copy of a card, of which so many frames are there already."""
    put(session, f"{name}/{ANCHORS}", b"anchors")
    for path, data in list(FRAMES.items())[:frames]:
        put(session, f"{name}/{path}", data)
    if manifest:
        listed = [Listed(path, len(data), sha256(data).hexdigest()) for path, data in FRAMES.items()]
        put(session, f"{name}/card-manifest.txt", write_manifest(listed))


def over(folder: Path, session: str = YANCHI, now: datetime = datetime(2023, 8, 1)) -> bool:
    place = Workspace(folder)
    return is_over(inbox_of(place.inbox(session)), place.campaign_now.session(session), now)


def closed(folder: Path) -> set[str]:
    return closed_sessions(Workspace(folder).store, [YANCHI, GUYUAN])


def test_a_card_that_is_whole_by_its_manifest_ends_the_session(folder: Path) -> None:
    session = folder / "inbox" / YANCHI
    copy_card(session, "card-0001", frames=1)
    assert not over(folder)
    copy_card(session, "card-0001")
    assert over(folder)


@pytest.mark.parametrize("second", [{"manifest": False}, {"frames": 1}, {"frames": 0, "manifest": False}])
def test_a_second_card_that_is_still_being_copied_keeps_it_open(folder: Path, second: dict[str, int]) -> None:
    session = folder / "inbox" / YANCHI
    copy_card(session, "card-0001")
    copy_card(session, "card-0002", **second)  # type: ignore[arg-type]
    assert not over(folder)
    copy_card(session, "card-0002")
    assert over(folder)


def test_a_folder_of_which_nobody_knows_whether_it_is_whole_waits_for_a_person(folder: Path) -> None:
    session = folder / "inbox" / YANCHI
    copy_card(session, "card-0001")
    put(session, "scanlog.csv", b"scanned_at,capture_code\n")
    assert over(folder)
    put(session, "from the stick/IMG_0009.JPG", b"nine")
    assert not over(folder)
    put(session, "CLOSED", b"")
    assert over(folder)


def test_a_card_that_is_full_at_noon_does_not_end_the_session_but_a_person_does(folder: Path) -> None:
    session = folder / "inbox" / YANCHI
    copy_card(session, "card-0001")
    end = max(window.end for window in Workspace(folder).campaign_now.session(YANCHI).windows)
    assert [False, True] == [over(folder, now=end - timedelta(minutes=1)), over(folder, now=end)]
    put(session, "CLOSED", b"")
    assert over(folder, now=end - timedelta(minutes=1))


@pytest.mark.parametrize("name", ["card-0001/CLOSED", "closed", "CLOSED.txt"])
def test_only_a_file_of_exactly_that_name_at_the_top_is_the_marker(folder: Path, name: str) -> None:
    session = folder / "inbox" / YANCHI
    put(session, "IMG_0001.JPG", b"one")
    put(session, name, b"")
    assert not over(folder)
    assert name in {found.path for found in look(session).files}


def test_a_link_or_a_folder_is_no_marker(folder: Path) -> None:
    session = folder / "inbox" / YANCHI
    put(session, "IMG_0001.JPG", b"one")
    (session / "CLOSED").symlink_to("IMG_0001.JPG")
    assert not over(folder)
    (session / "CLOSED").unlink()
    (session / "CLOSED").mkdir()
    assert not over(folder)


def test_the_marker_is_no_original(folder: Path) -> None:
    session = folder / "inbox" / YANCHI
    put(session, "IMG_0001.JPG", b"one")
    put(session, "CLOSED", "收工，张三".encode())
    assert ["IMG_0001.JPG"] == [found.path for found in look(session).files]


def test_an_inbox_is_quiet_when_nothing_changed_for_long_enough() -> None:
    quiet, before, after = Quiet(30), (("a", 1, 1),), (("a", 2, 1),)
    looks = [(before, 0), (before, 29), (after, 31), (after, 60), (after, 61), (before, 62)]
    assert [False, False, False, False, True, False] == [quiet.still(YANCHI, state, now) for state, now in looks]


def test_one_look_closes_what_is_over_and_leaves_the_rest(folder: Path) -> None:
    put(folder / "inbox" / YANCHI, "CLOSED", b"")
    copy_card(folder / "inbox" / GUYUAN, "card-0001", frames=1)
    (folder / "inbox" / "2023-07-02-yanchii").mkdir()
    done = program("watch", "--once", folder=folder)
    assert (0, {YANCHI}) == (done.returncode, closed(folder))
    assert f"{YANCHI} 已收工；没有可用的 Prefect 服务器" in done.stdout
    assert "inbox/2023-07-02-yanchii 不是场次" in done.stderr
    assert "" == program("watch", "--once", folder=folder).stdout


def test_it_watches_until_it_is_told_to_end(folder: Path) -> None:
    command = [sys.executable, "-c", SERVE, "watch", "--workspace", str(folder)]
    watching = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
    assert watching.stdout
    assert "正在看守" in watching.stdout.readline()
    put(folder / "inbox" / YANCHI, "CLOSED", b"")
    wait_for(lambda: {YANCHI} == closed(folder))
    watching.send_signal(signal.SIGTERM)
    assert (0, {YANCHI}) == (watching.wait(60), closed(folder))


def test_without_an_inbox_it_says_so_in_one_line(folder: Path) -> None:
    (folder / "inbox").rmdir()
    done = program("watch", folder=folder)
    assert (2, 1) == (done.returncode, len(done.stderr.splitlines()))
