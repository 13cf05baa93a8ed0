"""The S3 client of a process. Endpoint, region and credentials come from boto3's own environment and profiles.

It is made when it is first needed, once a process: a fork makes its own, and none is ever pickled. Botocore
tries again by itself, with back-off and jitter, but gives up early once it had to do so often. A service that
is busy all night must not fail the night for that, so what may go better is asked again by a fresh client.

Addressing is left to boto3: path style for an endpoint of one's own, virtual hosts for AWS, and what a profile
says for others. Only what S3 demands is checksummed by botocore, for not every service knows its trailers;
the sha256 of each object is sent by whoever writes it.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError

from gradphoto.adapters.s3_trouble import status
from gradphoto.adapters.store import StoreTrouble

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Answer = TypeVar("Answer")
Wording = Literal["standard", "oss"]
"""How a service wants to be told "only if the key is free": `If-None-Match: *`, or the header of Aliyun OSS."""

CONNECT_TIMEOUT, READ_TIMEOUT = 5, 30
"""Seconds without a connection or without a byte after which a try has failed."""
ATTEMPTS = 5
"""Tries of botocore in one round, about 8 seconds of back-off."""
PAUSE, PATIENCE = 1.0, 45.0
"""At most so many seconds between two rounds; after so many no further one begins."""

_clients: "dict[tuple[int, Wording, str], S3Client]" = {}
_making = threading.Lock()
if hasattr(os, "register_at_fork"):  # a fork in the midst of making would leave the child before a closed door
    os.register_at_fork(before=_making.acquire, after_in_parent=_making.release, after_in_child=_making.release)


def asked(call: Callable[["S3Client"], Answer], wording: Wording = "standard") -> Answer:
    """What the service answers to `call`, in as many rounds as there is time for; else botocore's exception."""
    until = time.monotonic() + PATIENCE
    while True:
        client = _client(wording)
        try:
            return call(client)
        except (ClientError, BotoCoreError) as trouble:
            if time.monotonic() > until or not _may_go_better(trouble):
                raise
        _forget(client)
        pause()


def linking(endpoint: str) -> "S3Client":
    """A client that only signs addresses below `endpoint`, and asks nobody."""
    return _client("standard", endpoint)


def pause() -> None:
    """Wait a moment, and not as long as everybody else who waits."""
    time.sleep(random.uniform(0, PAUSE))


def forget() -> None:
    """Make fresh clients from now on, from the environment as it is then."""
    with _making:
        _clients.clear()


def _forget(client: "S3Client") -> None:
    """Unless another thread did so already."""
    with _making:
        for key in [key for key, one in _clients.items() if one is client]:
            del _clients[key]


def _client(wording: Wording, endpoint: str = "") -> "S3Client":
    with _making:
        key = (os.getpid(), wording, endpoint)
        if key not in _clients:
            _clients[key] = _new_client(wording, endpoint)
        return _clients[key]


def _new_client(wording: Wording, endpoint: str) -> "S3Client":
    config = Config(
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        signature_version="s3v4" if endpoint else None,  # links are signed the old way else, which few still take
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        client: S3Client = Session().client("s3", config=config, endpoint_url=endpoint or None)
    except ValueError:
        raise StoreTrouble("S3 的地址无效，请把 AWS_ENDPOINT_URL 改成 https://minio.example 这样的写法") from None
    if wording == "oss":
        for call in ("PutObject", "CompleteMultipartUpload"):
            client.meta.events.register(f"before-call.s3.{call}", _forbid_overwrite)
    return client


def _forbid_overwrite(params: dict[str, Any], **_: Any) -> None:
    if params["headers"].pop("If-None-Match", None):
        params["headers"]["x-oss-forbid-overwrite"] = "true"


def _may_go_better(trouble: Exception) -> bool:
    """The service is there, but busy, slow or cut off. One that is away had its time within a round."""
    if isinstance(trouble, ClientError):
        return status(trouble) in (429, 500, 502, 503, 504)
    return isinstance(trouble, ConnectionClosedError | ReadTimeoutError)
