"""A Prefect server of this process's own, for when none is configured: it begins with the first flow that runs.

It runs apart, out of reach of the terminal's Ctrl-C, so that an interrupted run can still be told to it, and it
ends when its standard input does: when this process is gone, however that came about.
"""

import atexit
import os
import subprocess
import sys
import time
from functools import cache
from urllib.error import URLError
from urllib.request import urlopen

from prefect.settings import PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS

_PLAIN = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
"""What Prefect sets for its temporary servers: no pages, no background services."""


class NoServer(Exception):
    """No server can be had; the words are for a log."""


@cache
def own_server() -> str:
    """The address of the server's API, started when it is asked for first; `NoServer` when it does not come up."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **_PLAIN},
        start_new_session=True,
        text=True,
    )
    atexit.register(process.terminate)
    assert process.stdout is not None  # it is a pipe
    url = f"http://127.0.0.1:{process.stdout.readline().strip()}/api"
    until = time.monotonic() + float(PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS.value())
    while not answers(url):
        if process.poll() is not None or time.monotonic() > until:
            process.terminate()
            raise NoServer(f"exit code {process.poll()}")
        time.sleep(0.1)
    return url


def answers(url: str, seconds: float = 3.0) -> bool:
    """Whether a Prefect server is there."""
    try:
        with urlopen(f"{url.rstrip('/')}/health", timeout=seconds) as reply:
            return bool(reply.status == 200)
    except (URLError, OSError, ValueError):
        return False


def _serve(port: int) -> None:
    """Be that server, on a free port if it is 0: say the port, and end with the standard input."""
    import socket
    import threading

    import uvicorn

    listening = socket.create_server(("127.0.0.1", port))
    print(listening.getsockname()[1], flush=True)
    threading.Thread(target=_end_with_input, daemon=True).start()
    config = uvicorn.Config(
        "prefect.server.api.server:create_app", factory=True, log_level="critical", lifespan="on"
    )
    uvicorn.Server(config).run(sockets=[listening])


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    _serve(int(sys.argv[1]) if sys.argv[1:] else 0)
