"""A small disk for tests: a tmpfs, mounted by whoever may, and balloons that fill it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest


@contextmanager
def small_disk(place: Path, size: int, files: int = 20_000) -> Iterator[Path]:
    """A disk of so many bytes and files; skips the test where none can be mounted."""
    place.mkdir()
    options = f"size={size},nr_inodes={files},mode=0777"
    for mounted in (_by_root, _by_sudo, _in_a_namespace):
        with mounted(place, options) as disk:
            if disk:
                yield disk
                return
    pytest.skip("no tmpfs can be mounted here: neither root, sudo nor user namespaces")


@contextmanager
def _by_root(place: Path, options: str, sudo: tuple[str, ...] = ()) -> Iterator[Path | None]:
    mounted = _silent(*sudo, "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place))
    try:
        yield place if mounted else None
    finally:
        if mounted:
            _silent(*sudo, "umount", "--lazy", str(place))


def _by_sudo(place: Path, options: str) -> AbstractContextManager[Path | None]:
    return _by_root(place, options, ("sudo", "-n"))


@contextmanager
def _in_a_namespace(place: Path, options: str) -> Iterator[Path | None]:
    """Seen through the process that holds the namespace."""
    script = f"mount -t tmpfs -o {options} tmpfs {place} && echo mounted && exec cat"
    with subprocess.Popen(
        ["unshare", "-rm", "sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as holder:
        mounted = holder.stdout.readline() == b"mounted\n"
        yield Path(f"/proc/{holder.pid}/root{place}") if mounted else None


def _silent(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:  # there is no such program
        return False


def free(disk: Path) -> int:
    """Bytes that are free."""
    said = os.statvfs(disk)
    return said.f_bavail * said.f_frsize


@contextmanager
def balloon(disk: Path, leave: int, store: Path, objects: int) -> Iterator[None]:
    """Fill the disk but for some bytes as soon as there are so many objects in a store on it."""
    over = Event()

    def fill() -> None:
        while sum(len(names) for folder, _, names in os.walk(store) if not folder.endswith(".tmp")) < objects:
            if over.wait(0.001):
                return
        with suppress(OSError), (disk / "balloon").open("wb", buffering=0) as file:
            while (spare := free(disk) - leave) > 0:
                file.write(bytes(min(spare, 1 << 20)))

    thread = Thread(target=fill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        (disk / "balloon").unlink(missing_ok=True)


def environment(temporary: Path) -> dict[str, str]:
    """For a program whose temporary files go there."""
    temporary.mkdir(exist_ok=True)
    return {**os.environ, "TMPDIR": str(temporary)}


def gradphoto(*arguments: str | Path, temporary: Path) -> subprocess.CompletedProcess[str]:
    """Run the program itself with its temporary files there."""
    command = [sys.executable, "-c", "from cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(
        command, env=environment(temporary), capture_output=True, encoding="utf-8", timeout=300, check=False
    )
