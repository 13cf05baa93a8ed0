"""A portal for tests: a workspace in which centres have bundles and links, and the program that serves it."""

import hashlib
import io
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile
from zoneinfo import ZoneInfo

from cli.workspace import Workspace
from gradphoto.adapters.store import digest_file
from gradphoto.demo.plan import Plan, Roster
from gradphoto.packed import Packed, journal
from gradphoto.stages.addresses import confirm_electronic
from gradphoto.stages.invites import make_invite
from gradphoto.stages.snapshot import take_snapshot
from tests.pages import ROOT
from tests.small_night import DORA, FAY, build

ZONE = ZoneInfo("Asia/Shanghai")
ASKED, OTHER = "longde", "yanchi"
"""Centres that asked for electronic data in the mailing list of the small plans."""


def bare(folder: Path) -> Workspace:
    """A workspace with two students and their centres, of which no picture was taken."""
    build(folder, Plan((Roster("名册.csv", (DORA, FAY)),), ()))
    place = Workspace(folder)
    take_snapshot(place.store, place.folder, place.settings)
    return Workspace(folder)


def bundle_file(place: Workspace, centre: str) -> Path:
    """Where the first bundle of a centre stands in the embedded store; for one that is put there by hand."""
    path = place.folder / "store" / "bundles" / centre / f"{centre}-v0001.zip"
    path.parent.mkdir(parents=True)
    return path


def record(place: Workspace, centre: str) -> Packed:
    """Put the record of that bundle into the store."""
    key = f"bundles/{centre}/{centre}-v0001.zip"
    path = place.folder / "store" / key
    sha256, size = digest_file(path), path.stat().st_size
    packed = Packed(centre=centre, version=1, path=key, sha256=sha256, bytes=size, inputs="0" * 64, snapshot=1)
    journal(place.store, centre).take(1, packed.to_lines())
    return packed


def allow(place: Workspace, centre: str) -> None:
    """Confirm electronic delivery."""
    confirm_electronic(place.store, centre, "操作员", place.now, True, place.season.inputs)


def token(place: Workspace, centre: str) -> str:
    """The token of a new invite; of the operator's for the centre ``."""
    return make_invite(place.store, centre, 1, datetime.now(ZONE))[1]


def bag(size: int) -> bytes:
    """A valid bag, zipped, with one file of so many bytes that look random and are always the same."""
    payload = b"".join(hashlib.sha512(str(number).encode()).digest() for number in range(size // 64))
    manifest = f"{hashlib.sha256(payload).hexdigest()}  data/noise\n"
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        archive.writestr("bag/bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        archive.writestr("bag/manifest-sha256.txt", manifest)
        archive.writestr("bag/data/noise", payload)
    return out.getvalue()


@dataclass
class Program:
    """`gradphoto portal` over a workspace, on one port for as long as it is started again."""

    folder: Path
    port: int = field(default_factory=lambda: free_port())
    process: "subprocess.Popen[str] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it takes requests."""
        words = ["portal", "--port", str(self.port), "--json", "--workspace", str(self.folder)]
        command = [sys.executable, "-c", "from cli.main import main; main()", *words]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        assert self.process.stdout
        assert json.loads("".join(iter(self.process.stdout.readline, "}\n")) + "}")["url"] == self.url

    def kill(self) -> None:
        """SIGKILL."""
        assert self.process
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid


@contextmanager
def program(folder: Path) -> Iterator[Program]:
    """One that runs."""
    it = Program(folder)
    it.start()
    try:
        yield it
    finally:
        it.kill()


@contextmanager
def grown(pid: int) -> Iterator[list[int]]:
    """By how many bytes a process grew at most within it, against what it had before; told when it ends."""
    before, found = _memory(pid, "VmRSS"), list[int]()
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak is measured from now on
    yield found
    found.append(_memory(pid, "VmHWM") - before)


def _memory(pid: int, what: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{what}:"))


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
