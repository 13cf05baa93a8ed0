"""A real S3 service for tests: SeaweedFS on free ports, with a bucket and one user, gone when the tests are.

Telemetry is off and nothing leaves the loopback.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from multiprocessing import forkserver
from pathlib import Path
from urllib.request import urlopen

import pytest

from gradphoto.adapters import processes
from gradphoto.adapters.s3_client import forget
from gradphoto.adapters.s3_store import S3Store
from gradphoto.adapters.store import StoreTrouble

WEED = Path(sys.executable).parent / "weed"
BUCKET, USER, SECRET = "photos", "tests", "only-on-this-machine"
READY_WITHIN = 60.0
_GRPC = 10_000
"""Each of its ports has a second one so much higher."""

_numbers = count(1)


@dataclass
class Seaweed:
    """A server over one folder; it can be killed and started again."""

    folder: Path
    ports: list[int] = field(default_factory=lambda: free_ports(5))
    process: subprocess.Popen[bytes] | None = None
    starts: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def environment(self) -> dict[str, str]:
        """What boto3 must know, and nothing of what this machine knows besides."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": USER,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @contextmanager
    def running(self) -> Iterator["Seaweed"]:
        """Within it the server runs and boto3 finds it."""
        try:
            self.start()
            with environment(self.environment):
                _new_workers()
                yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Start it and wait until it takes what is written."""
        with (self.folder / "weed.log").open("ab") as log:
            self.process = subprocess.Popen(self._command(), stdout=log, stderr=log, cwd=self.folder)
        until = time.monotonic() + READY_WITHIN
        while not self._takes():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "weed.log").read_text(errors="replace")[-2000:])
            time.sleep(0.1)
        self.starts.append(f"ready-{len(self.starts)}")

    def kill(self) -> None:
        """As if the power had failed."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        assert self.process
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.kill()

    def new_store(self) -> S3Store:
        """A store in which nothing stands yet."""
        return S3Store(BUCKET, f"store-{next(_numbers)}")

    def _command(self) -> list[str]:
        s3, master, volume, filer, admin = self.ports
        right = {"accessKey": USER, "secretKey": SECRET}
        may = ["Admin", "Read", "Write", "List", "Tagging"]
        users = {"identities": [{"name": "tests", "credentials": [right], "actions": may}]}
        (self.folder / "s3.json").write_text(json.dumps(users))
        (self.folder / "data").mkdir(exist_ok=True)
        options = {
            "dir": "data",
            "ip": "127.0.0.1",
            "ip.bind": "127.0.0.1",
            "s3.config": "s3.json",
            "s3.port": s3,
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.iam": "false",
            "s3.autoCreateBucket": "false",
            "bucket": BUCKET,
            "master.port": master,
            "master.telemetry": "false",
            "volume.port": volume,
            "filer.port": filer,
            "admin.port": admin,
            "admin.ui": "false",
            "webdav": "false",
        }
        return [str(WEED), "mini", *(f"-{name}={value}" for name, value in options.items())]

    def _takes(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=5):
                pass
        except OSError:
            return False
        with environment(self.environment):  # it is healthy a moment before it can write, or find what was written
            ready = S3Store(BUCKET, f"ready-{len(self.starts)}")
            try:
                ready.create("ready", b"ready")
                return {b"ready"} == {S3Store(BUCKET, each).read("ready") for each in [*self.starts, ready.prefix]}
            except StoreTrouble:
                return False


def free_ports(number: int) -> list[int]:
    """Ports that are free together with their second ones, and that no client gets for its end of a connection."""
    first = 12_000 + os.getpid() * 16 % 8_000  # other sessions begin elsewhere
    every = (12_000 + port % 10_000 for port in range(first, first + 10_000))
    return list(islice(filter(_is_free, every), number))


def _is_free(port: int) -> bool:
    try:
        for each in (port, port + _GRPC):
            with socket.create_server(("127.0.0.1", each)):
                pass
    except OSError:
        return False
    return True


def _new_workers() -> None:
    """Those that are there know only what stood in the environment when they, or their fork server, began."""
    for pool in processes._pools.values():
        pool.shutdown()
    processes._pools.clear()
    forkserver._forkserver._stop()  # type: ignore[attr-defined]


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Within it these variables are set, for this process and those it starts."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        forget()
        yield
    forget()
