"""`gradphoto serve` for tests: the program itself, in a process of its own, over a server of its own."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.prefect_server import found, wait_for
from tests.small_night import program

STARTS_WITHIN = RUNS_WITHIN = 180.0
"""Seconds; a busy machine needs them."""
SERVE = "from cli.main import main; main()"


@dataclass
class Office:
    """A workspace that is served, or was."""

    folder: Path
    served: "subprocess.Popen[str] | None" = None
    says: str = ""
    """The line that `serve` begins with."""

    @property
    def api(self) -> str:
        return (self.folder / ".prefect" / "address").read_text("utf-8")

    def serve(self, **environment: str) -> None:
        """Start to serve, and wait until all is registered."""
        self.served = subprocess.Popen(
            [sys.executable, "-c", SERVE, "serve", "--workspace", str(self.folder)],
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "2", **environment},
        )
        assert self.served.stdout
        self.says = self.served.stdout.readline()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; returns its exit code."""
        assert self.served
        self.served.send_signal(how)
        return self.served.wait(STARTS_WITHIN)

    def close(self, session: str) -> dict[str, Any]:
        """What the command `close` says."""
        said: dict[str, Any] = json.loads(program("close", session, "--json", folder=self.folder).stdout)
        return said

    def runs(self) -> list[dict[str, Any]]:
        """The server's runs, oldest first, without those that the clock has ready."""
        every = (run for run in found(self.api, "flow_runs") if not run["auto_scheduled"])
        return sorted(every, key=lambda run: str(run["created"]))

    def evenings(self) -> list[datetime]:
        """When the clock's own runs are due."""
        every = (run for run in found(self.api, "flow_runs") if run["auto_scheduled"])
        return sorted(datetime.fromisoformat(run["expected_start_time"]) for run in every)

    def quiet(self, runs: int) -> list[dict[str, Any]]:
        """The runs, once there are so many and all of them have ended."""
        wait_for(lambda: len(self.runs()) >= runs and all(_ended(run) for run in self.runs()), RUNS_WITHIN)
        return self.runs()

    def children(self) -> list[int]:
        """The processes that work on a run now."""
        assert self.served
        mine = Path(f"/proc/{self.served.pid}/task").glob("*/children")
        pids = [int(pid) for path in mine for pid in path.read_text().split()]
        return [pid for pid in pids if b"prefect.engine" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def _ended(run: dict[str, Any]) -> bool:
    return run["state_type"] in ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")
