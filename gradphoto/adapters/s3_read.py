"""An object of S3 as a stream that outlasts broken connections and is compared with its digest."""

import hashlib
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from gradphoto.adapters.s3_client import asked, pause
from gradphoto.adapters.s3_trouble import code
from gradphoto.adapters.store import CHUNK, PIECE, damaged

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

BREAKS = 5
"""Broken connections after which an object is given up."""
WINDOW = 1 << 18
"""Bytes of an object that are fetched at a time where many read at once, each of them slowly."""


def pieces(bucket: str, name: str) -> Iterator[bytes]:
    """The bytes of an object; after a broken connection on from where it broke."""
    return _Reading(bucket, name).pieces()


def checked_pieces(bucket: str, name: str) -> Iterator[bytes]:
    """The same, and `DamagedObject` at the end when they are not what their writer sent."""
    reading, sha256 = _Reading(bucket, name), hashlib.sha256()
    for piece in reading.pieces():
        sha256.update(piece)
        yield piece
    if reading.sha256 not in ("", sha256.hexdigest()):
        raise damaged(name)


def part_pieces(bucket: str, name: str, start: int, stop: int) -> Generator[bytes]:
    """The bytes from `start` up to `stop`, in pieces of at most `CHUNK`.

    They are fetched a `WINDOW` at a time, and no connection is held meanwhile: whoever takes them may be slow.
    """
    for first in range(start, stop, WINDOW):
        data = _window(bucket, name, first, min(first + WINDOW, stop))
        for at in range(0, len(data), CHUNK):
            yield data[at : at + CHUNK]


def _window(bucket: str, name: str, first: int, stop: int) -> bytes:
    for left in range(BREAKS, 0, -1):
        try:
            data = asked(lambda client: _part(client, bucket, name, first, stop))
            break
        except HTTPClientError:
            if left == 1:
                raise
        except ClientError as refusal:
            if code(refusal) != "InvalidRange":
                raise
            data = b""  # it ends before
            break
        pause()
    if len(data) != stop - first:
        raise damaged(name)
    return data


def _part(client: "S3Client", bucket: str, name: str, first: int, stop: int) -> bytes:
    answer = client.get_object(Bucket=bucket, Key=name, Range=f"bytes={first}-{stop - 1}")
    with closing(answer["Body"]) as body:
        return body.read(stop - first + 1)


class _Reading:
    """How far an object is read, and the digest that its writer gave it (empty when it has none)."""

    def __init__(self, bucket: str, name: str) -> None:
        self._bucket, self._name = bucket, name
        self._done = self._broken = 0
        self.sha256 = ""

    def pieces(self) -> Iterator[bytes]:
        while True:
            answer = self._rest()
            self.sha256 = answer["Metadata"].get("sha256", "")
            try:
                with closing(answer["Body"]) as body:
                    for piece in body.iter_chunks(PIECE):
                        self._done += len(piece)
                        yield piece
                return
            except BotoCoreError:
                self._broken += 1
                if self._broken >= BREAKS:
                    raise
            pause()

    def _rest(self) -> "GetObjectOutputTypeDef":
        if self._done == 0:
            return asked(lambda client: client.get_object(Bucket=self._bucket, Key=self._name))
        start = f"bytes={self._done}-"  # not for all of it: an empty object has no range
        return asked(lambda client: client.get_object(Bucket=self._bucket, Key=self._name, Range=start))
