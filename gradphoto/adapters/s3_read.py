"""An object of S3 as a stream that outlasts broken connections and is compared with its digest."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError

from gradphoto.adapters.s3_client import asked, pause
from gradphoto.adapters.store import PIECE, damaged

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

BREAKS = 5
"""Broken connections after which an object is given up."""


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
