"""Following a tethered folder: every shot is told while the student is still on the chair, and corrected later."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from queue import Queue
from statistics import median
from threading import Event, Thread

import pytest

from config.campaign_file import parse_campaign
from gradphoto.adapters.arrivals import Arrivals
from gradphoto.adapters.kit_file import seal
from gradphoto.demo.pictures import picture
from gradphoto.demo.plan import Card, Sitting, in_turn
from gradphoto.demo.takes import takes
from gradphoto.stages.kit import workspace_kit
from gradphoto.stages.place import Place
from gradphoto.stages.watching import Venue, Watching
from tests.small_night import ANNA, BOB, CARL, DORA, GUYUAN, build, small

HEAD = "扫码时间,采集码,学号,工位\r\n"
PASSPHRASE = "eight or more"
CARD = Card(
    in_turn(
        datetime(2023, 7, 3, 9, 0),
        Sitting(ANNA, 3),
        Sitting(BOB, 1),
        Sitting(CARL, 4),
        *(Sitting(DORA, 5, frames=2) for _ in range(4)),
    )
)


class Tethered:
    """The program following a folder, and its lines as they come."""

    def __init__(self, folder: Path, *options: str | Path) -> None:
        command = [
            sys.executable,
            "-c",
            "from cli.main import main; main()",
            "check",
            GUYUAN,
            str(folder),
            "--watch",
        ]
        command += map(str, options)
        self.folder = folder
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self.lines: Queue[tuple[float, str]] = Queue()
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put((time.monotonic(), line.rstrip("\n")))

    def until(self, *words: str) -> tuple[float, str, list[str]]:
        """The next line with all of these words, when it came, and what was said before it."""
        before: list[str] = []
        while True:
            at, line = self.lines.get(timeout=300)
            if all(word in line for word in words):
                return at, line, before
            before.append(line)

    def shoot(self, name: str, data: bytes) -> float:
        """A file written as a tethering program does; returns when it was whole."""
        with (self.folder / name).open("wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            time.sleep(0.2)
            file.write(data[len(data) // 2 :])
        return time.monotonic()


@pytest.fixture
def tethered(tmp_path: Path) -> Iterator[Tethered]:
    """A laptop with a kit and nothing else, an empty folder, and a desk's log that Bob is not in yet."""
    build(tmp_path / "office", small())
    here = Place(tmp_path / "office", sweep=False)
    (tmp_path / "kit.gradkit").write_bytes(
        seal(workspace_kit(here.store, here.folder, here.settings, GUYUAN), PASSPHRASE)
    )
    (tmp_path / "word").write_text(PASSPHRASE)
    folder = tmp_path / "tether"
    folder.mkdir()
    _log(folder, ANNA, CARL, DORA)
    hour_ago = time.time() - 3600
    os.utime(folder / "scanlog-1.csv", (hour_ago, hour_ago))  # else it may be taken for one still being written
    running = Tethered(folder, "--pack", tmp_path / "kit.gradkit", "--passphrase-file", tmp_path / "word")
    running.until("在看")
    yield running
    running.process.kill()
    running.process.wait()


def _log(folder: Path, *students: object) -> None:
    rows = (f"2023-07-03 08:5{at}:00,{one.capture_code},{one.student_no},1\r\n" for at, one in enumerate(students))  # type: ignore[attr-defined]
    (folder / "scanlog-1.csv").write_bytes((HEAD + "".join(rows)).encode("utf-8-sig"))


def test_every_shot_is_told_and_what_was_said_is_corrected_when_the_log_catches_up(
    tethered: Tethered, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    shots = list(takes(CARD))[: amount(7, 20)]
    waits, said = [], []
    for take in shots:
        whole = tethered.shoot(Path(take.path).name, picture(CARD, take))
        at, line, before = tethered.until(Path(take.path).name)
        waits.append(at - whole)
        said += [*before, line]
    figure(f"{len(waits)} shots: told after {median(waits):.1f} s in the middle, {max(waits):.1f} s at most")

    assert [] == [line for line in said if "文件不完整" in line]
    assert f"采集码照：{ANNA.name}（{ANNA.student_no}）" in said[0]
    assert "合格" in said[1]
    assert "采集码未与任何学生绑定" in said[3]

    _log(tethered.folder, ANNA, CARL, DORA, BOB)
    _, line, _ = tethered.until("更正", f"{BOB.name}（{BOB.student_no}） 不合格：头部倾斜 → 头摆正，重拍")
    assert "IMG_0005.JPG" in line


def test_a_file_that_is_still_growing_is_waited_for(tethered: Tethered) -> None:
    slate, portrait, *_ = takes(CARD)
    data = picture(CARD, slate)
    (tethered.folder / "IMG_0001.JPG").write_bytes(data[: len(data) // 2])
    tethered.shoot("IMG_0002.JPG", picture(CARD, portrait))
    _, _, before = tethered.until("IMG_0002.JPG")
    (tethered.folder / "IMG_0001.JPG").write_bytes(data)
    tethered.until("IMG_0001.JPG", "采集码照")
    tethered.until("更正", "IMG_0002.JPG", "合格")

    assert [] == [line for line in before if "IMG_0001.JPG" in line]


def test_ctrl_c_ends_with_the_table_of_those_in_trouble(tethered: Tethered) -> None:
    slate, *_ = takes(Card(in_turn(datetime(2023, 7, 3, 9, 0), Sitting(ANNA, 3))))
    tethered.shoot("IMG_0001.JPG", picture(CARD, slate))
    tethered.until("IMG_0001.JPG")
    os.kill(tethered.process.pid, signal.SIGINT)
    tethered.until("请叫回 3 人", ANNA.student_no)

    assert 1 == tethered.process.wait()


def test_a_picture_is_whole_when_it_ends_as_one_and_stands_still(tmp_path: Path) -> None:
    whole, half, other = b"\xff\xd8" + bytes(1000) + b"\xff\xd9", b"\xff\xd8" + bytes(2000), b"anything"
    for name, data in {
        "whole.jpg": whole,
        "padded.JPG": whole + bytes(9),
        "half.jpg": half,
        "a.txt": other,
    }.items():
        (tmp_path / name).write_bytes(data)
    looks = Arrivals(tmp_path)

    assert ((), 4) == (looks.look().files, len(looks.look().growing))
    time.sleep(0.6)
    assert ["padded.JPG", "whole.jpg"] == sorted(one.path for one in looks.look().files)
    os.utime(tmp_path / "half.jpg", (1, 1))
    assert "half.jpg" in {one.path for one in looks.look().files}


def test_the_desk_asks_a_thread_who_was_photographed_and_a_folder_may_go_and_come_back(tmp_path: Path) -> None:
    build(tmp_path / "ws", small())
    here = Place(tmp_path / "ws", sweep=False)
    kit = workspace_kit(here.store, here.folder, here.settings, GUYUAN)
    folder, away, seen = here.inbox(GUYUAN), tmp_path / "away", Event()
    folder.rename(away)
    watching = Watching(Venue(kit, [(folder, "inbox")], workers=2), [folder], lambda _: seen.set())
    watching.start()
    assert {} == watching.photographed()
    away.rename(folder)
    assert seen.wait(300)
    watching.stop()

    assert datetime(2023, 7, 3, 9, 0, 7) == watching.photographed()[ANNA.student_no]
    assert parse_campaign(kit.campaign, "campaign.toml") == watching.venue.inputs.campaign
