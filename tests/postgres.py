"""A real PostgreSQL for tests: a cluster of its own on a free port, which can be killed and started again."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.seaweed import free_ports

_USER, _PASSWORD = "prefect", "only-on-this-machine"
_NOT_ROOT = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
"""PostgreSQL refuses to run as root."""


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps them out of the way."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    elsewhere = map(Path, os.environ["PATH"].split(os.pathsep))
    return next((folder for folder in (*debian, *elsewhere) if (folder / "pg_isready").exists()), None)


@dataclass
class Postgres:
    """One cluster in `folder`, by the programs in `bin`."""

    bin: Path
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For Prefect."""
        return f"postgresql+asyncpg://{_USER}:{_PASSWORD}@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        word = self.folder / "password"
        word.write_text(_PASSWORD)
        if os.geteuid() == 0:
            for path in (self.folder, word):
                shutil.chown(path, "nobody", "nogroup")
        self._run(
            "initdb", "-D", str(self.folder / "data"), "-U", _USER, "-A", "scram-sha-256", f"--pwfile={word}"
        )

    def start(self) -> None:
        """Start it and wait until it answers; after a kill the last one's processes must be gone first."""
        until = time.monotonic() + 60
        while not self._answers():
            if self.process is None or self.process.poll() is not None:
                self.process = self._started()
            assert time.monotonic() < until, (self.folder / "log").read_text(errors="replace")[-2000:]
            time.sleep(0.2)

    def kill(self) -> None:
        """As if the power had failed."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait()

    def _started(self) -> "subprocess.Popen[bytes]":
        own = ("-k", "", "-h", "127.0.0.1", "-p", str(self.port), "-c", "fsync=on")
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                self._command("postgres", "-D", str(self.folder / "data"), *own),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )

    def _answers(self) -> bool:
        ready = self._command("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), "-q")
        return subprocess.run(ready, check=False).returncode == 0

    def _run(self, *command: str) -> None:
        subprocess.run(self._command(*command), cwd=self.folder, check=True, capture_output=True)

    def _command(self, program: str, *arguments: str) -> list[str]:
        before = _NOT_ROOT if os.geteuid() == 0 else ()
        return [*before, str(self.bin / program), *arguments]


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Within it the cluster runs; skips the test where PostgreSQL is not installed."""
    found = programs()
    if found is None or (os.geteuid() == 0 and not shutil.which("setpriv")):
        pytest.skip("没有安装 postgresql（以 root 运行时还须有 setpriv）")
    folder = Path(tempfile.mkdtemp(prefix="gradphoto-postgres-"))  # pytest's own is closed to other users
    this = Postgres(found, folder, free_ports(1)[0])
    try:
        this.make()
        this.start()
        yield this
    finally:
        this.stop()
        shutil.rmtree(folder, ignore_errors=True)
