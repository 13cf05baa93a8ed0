"""A Dask scheduler with workers for tests: each has a home and a folder of its own and no workspace."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.prefect_server import wait_for
from tests.seaweed import free_ports

_NOT_THEIRS = ("GRADPHOTO_", "PREFECT_", "HOME")
_MODULE = "distributed.cli.dask_{}"


@dataclass
class Farm:
    """A scheduler and its workers; what they say stands in `folder`."""

    folder: Path
    environment: Mapping[str, str]
    """What the workers know of the world: how S3 is reached."""
    port: int = field(default_factory=lambda: free_ports(1)[0])
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start(self, name: str, *arguments: str) -> None:
        """A worker of that name, or the `scheduler`."""
        home = self.folder / name
        home.mkdir(exist_ok=True)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(_NOT_THEIRS)}
        what = "scheduler" if name == "scheduler" else "worker"
        with (home / "log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", _MODULE.format(what), *arguments],
                env={**kept, **self.environment, "HOME": str(home)},
                cwd=home,
                stdout=log,
                stderr=log,
                umask=0o077,
            )

    def start_worker(self, name: str, *arguments: str) -> None:
        """A worker as the service file of a worker has it."""
        own = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--name", name)
        self.start(name, self.address, *(arguments or own))

    def kill(self, name: str) -> None:
        """As if the power had failed."""
        self.processes[name].kill()
        self.processes[name].wait()

    def log(self, name: str) -> str:
        return (self.folder / name / "log").read_text(errors="replace")


@contextmanager
def farm(folder: Path, environment: Mapping[str, str], workers: int = 2) -> Iterator[Farm]:
    """Within it the scheduler and its workers run."""
    this = Farm(folder, environment)
    try:
        this.start("scheduler", "--host", "127.0.0.1", "--port", str(this.port), "--no-dashboard", "--no-show")
        for number in range(workers):
            this.start_worker(f"worker-{number}")
        wait_for(lambda: all("Registered to" in this.log(f"worker-{number}") for number in range(workers)))
        yield this
    finally:
        for name in this.processes:
            this.kill(name)
