"""An office that has grown: a Prefect server on PostgreSQL, a process work pool and its workers.

Any of them can be killed and started again.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.automations import HEARTBEAT_SECONDS, ensure_automations
from flows.deployments import deployments
from flows.own_server import answers
from gradphoto.stages.place import Place
from tests.postgres import Postgres, postgres
from tests.prefect_server import STARTS_WITHIN, wait_for
from tests.seaweed import free_ports

POOL = "gradphoto"
WORKERS = ("worker-0", "worker-1")
_SERVER = "server"


@dataclass
class WorkPool:
    """What runs in it; what they say stands in `folder`."""

    folder: Path
    postgres: Postgres
    port: int = field(default_factory=lambda: free_ports(1)[0])
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def start(self, name: str) -> None:
        """The server, until it answers, the database, or a worker."""
        if name == "flow":
            return  # what crashed is started again by the server
        if name == "postgres":
            self.postgres.start()
        elif name == _SERVER:
            database = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": self.postgres.url}
            own = ("--host", "127.0.0.1", "--port", str(self.port), "--no-ui")
            self._prefect(name, database, "server", "start", *own)
            wait_for(lambda: answers(self.url), STARTS_WITHIN)
        else:
            there = {
                "PREFECT_API_URL": self.url,
                "PREFECT_WORKER_QUERY_SECONDS": "1",
                "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
            }
            self._prefect(name, there, "worker", "start", "--pool", POOL, "--type", "process", "--name", name)

    def kill(self, name: str) -> None:
        """As if the power had failed; `flow` is whatever a worker runs now."""
        if name == "postgres":
            self.postgres.kill()
        elif name == "flow":
            self.kill_all(run for worker in WORKERS for run in self.flows(worker))
        else:
            self.processes[name].kill()
            self.processes[name].wait()

    def kill_all(self, processes: Iterable[int]) -> None:
        """The same for processes of which only the number is known."""
        for process in list(processes):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def flows(self, worker: str) -> list[int]:
        """The processes of the flows that a worker runs now."""
        process = self.processes[worker].pid
        try:
            return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
        except OSError:
            return []

    def at_work(self) -> list[str]:
        """The workers that run a flow now."""
        return [worker for worker in WORKERS if self.flows(worker)]

    def deploy(self, folder: Path) -> None:
        """What `serve` registers, but for the workers of the pool."""
        with temporary_settings({PREFECT_API_URL: self.url}), get_client(sync_client=True) as client:
            ensure_automations(client)
            for each in deployments(Place(folder)):
                each.apply(work_pool_name=POOL)

    def begin(self, folder: Path, session: str) -> str:
        """Have the night of a session run by whichever worker is first; the run's id."""
        asked = {"workspace": str(folder), "session": session}
        with temporary_settings({PREFECT_API_URL: self.url}), get_client(sync_client=True) as client:
            deployment = client.read_deployment_by_name("nightly/nightly")
            return str(client.create_flow_run_from_deployment(deployment.id, parameters=asked).id)

    def _prefect(self, name: str, environment: Mapping[str, str], *command: str) -> None:
        home = self.folder / name
        home.mkdir(exist_ok=True)
        with (home / "log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "prefect", *command],
                env={**os.environ, "PREFECT_HOME": str(home), **environment},
                cwd=home,
                stdout=log,
                stderr=log,
            )


@contextmanager
def work_pool(folder: Path) -> Iterator[WorkPool]:
    """Within it everything runs."""
    with postgres() as database:
        this = WorkPool(folder, database)
        try:
            for name in (_SERVER, *WORKERS):
                this.start(name)
            yield this
        finally:
            flows = [run for worker in WORKERS if worker in this.processes for run in this.flows(worker)]
            this.kill_all(flows)
            for name in this.processes:
                this.kill(name)
