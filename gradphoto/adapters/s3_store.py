"""The store on S3: below one prefix of a bucket, exclusive create by `If-None-Match: *`.

Whatever is worth another try was tried again when it becomes trouble. Before a process writes the first time,
the service must prove that it does not overwrite. Names that are no keys, like those of proofs and claims, are
not listed. Writers of one key use the same one of `create` and `create_from`; `create_from` always claims,
whatever the size, so that a small file and a large one cannot both win.
"""

import hashlib
import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

from botocore.exceptions import ClientError

from gradphoto.adapters import s3_link, s3_multipart
from gradphoto.adapters.durable import write_new
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.s3_client import Wording, asked
from gradphoto.adapters.s3_create import Write, once, proven_wording, put
from gradphoto.adapters.s3_read import checked_pieces, part_pieces, pieces
from gradphoto.adapters.s3_trouble import status, told
from gradphoto.adapters.store import Kept, StoreTrouble, checked_key, content_key, digest, digest_file, is_key

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef, ListObjectsV2OutputTypeDef


@dataclass(frozen=True)
class S3Store:
    """A store below `prefix` (empty: the whole) of a bucket that is there already."""

    bucket: str
    prefix: str = ""

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` durably under a new key; False when it is taken."""
        name = self._name(key)
        with told(self.bucket, key):
            return once(self._write(name, digest(data)), lambda write: put(write, data))

    def create_from(self, key: str, path: Path) -> bool:
        """Write the file at `path` durably under a new key; False when it is taken."""
        name = self._name(key)
        with path.open("rb") as file, told(self.bucket, key), _local(key):
            if self._exists(name):
                return False
            return s3_multipart.create_in_parts(self._write(name, digest_file(path)), file)

    def keep_from(self, prefix: str, pieces: Iterable[bytes]) -> Kept:
        """Write `pieces` durably under their digest; the key is known only once all of them are there."""
        checked_key(prefix)
        sha256 = hashlib.sha256()
        with told(self.bucket, prefix), _local(prefix), SpooledTemporaryFile(s3_multipart.PART) as file:
            for piece in pieces:
                sha256.update(piece)
                file.write(piece)
            size = file.tell()
            name = self._name(content_key(prefix, sha256.hexdigest()))
            return Kept(sha256.hexdigest(), size, self._keep(name, file, size, sha256.hexdigest()))

    def read(self, key: str) -> bytes:
        """The bytes under `key`, compared with the digest they were written with."""
        name = self._name(key)
        with told(self.bucket, key):
            return b"".join(checked_pieces(self.bucket, name))

    def pieces(self, key: str, start: int, stop: int) -> Generator[bytes]:
        """The bytes under `key` from `start` up to `stop`, in small pieces."""
        name = self._name(key)
        with told(self.bucket, key):
            yield from part_pieces(self.bucket, name, start, stop)

    def link(self, key: str, endpoint: str, seconds: int, disposition: str) -> str:
        """An address by which somebody without keys gets the bytes under `key`, see `s3_link`."""
        with told(self.bucket, key):
            return s3_link.link(self.bucket, self._name(key), endpoint, seconds, disposition)

    def digest(self, key: str) -> str:
        """The sha256 of the bytes under `key` as the service sends them now."""
        sha256, name = hashlib.sha256(), self._name(key)
        with told(self.bucket, key):
            for piece in pieces(self.bucket, name):
                sha256.update(piece)
        return sha256.hexdigest()

    def size(self, key: str) -> int:
        """How many bytes stand under `key`."""
        name = self._name(key)
        with told(self.bucket, key):
            return self._head(name)["ContentLength"]

    def copy_to(self, key: str, path: Path) -> None:
        """Write the bytes under `key` to a new file at `path`, fsynced; `OSError` is trouble with `path`."""
        name = self._name(key)
        with told(self.bucket, key):
            write_new(path, checked_pieces(self.bucket, name))

    def exists(self, key: str) -> bool:
        """Whether the key is taken."""
        name = self._name(key)
        with told(self.bucket, key):
            return self._exists(name)

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below `prefix`, in order."""
        top = self._name(prefix) + "/"
        with told(self.bucket, prefix):
            below = (f"{prefix}/{name.removeprefix(top)}" for name in self._names(top))
            return iter(sorted(filter(is_key, below)))

    def delete(self, key: str) -> None:
        """Remove the object and, if it was a large one, the claim beside it. Older versions of a bucket stay."""
        name = self._name(key)
        with told(self.bucket, key):
            self._remove(name)
            self._remove(s3_multipart.claim_name(name))

    def replace(self, key: str, data: bytes) -> None:
        """Put `data` under `key` in one request, whatever stood there."""
        name = self._name(key)
        with told(self.bucket, key):
            put(self._write(name, digest(data)), data, over=True)

    def sweep(self) -> None:
        """Remove what killed writers left of large objects; each process does so before it first writes."""
        s3_multipart.sweep(self.bucket, self._top, _wording(self, os.getpid()))

    @property
    def _top(self) -> str:
        return f"{self.prefix}/" if self.prefix else ""

    def _name(self, key: str) -> str:
        return self._top + checked_key(key)

    def _write(self, name: str, sha256: str) -> Write:
        return Write(self.bucket, name, sha256, _begun(self, os.getpid()))

    def _keep(self, name: str, file: IO[bytes], size: int, sha256: str) -> bool:
        """Send content unless it is there: a card that was copied twice is not sent twice."""
        if self._exists(name):
            return False
        write = self._write(name, sha256)
        if size > s3_multipart.PART:
            return s3_multipart.create_in_parts(write, file)
        file.seek(0)
        data = file.read()
        return once(write, lambda write: put(write, data))

    def _remove(self, name: str) -> None:
        asked(lambda client: client.delete_object(Bucket=self.bucket, Key=name))

    def _exists(self, name: str) -> bool:
        try:
            self._head(name)
        except ClientError as refusal:
            if status(refusal) != 404:
                raise
            return False
        return True

    def _head(self, name: str) -> "HeadObjectOutputTypeDef":
        return asked(lambda client: client.head_object(Bucket=self.bucket, Key=name))

    def _names(self, top: str) -> Iterator[str]:
        page = self._page(top, None)
        yield from (one["Key"] for one in page.get("Contents", ()))
        while page["IsTruncated"]:
            page = self._page(top, page["NextContinuationToken"])
            yield from (one["Key"] for one in page.get("Contents", ()))

    def _page(self, top: str, after: str | None) -> "ListObjectsV2OutputTypeDef":
        if after is None:
            return asked(lambda client: client.list_objects_v2(Bucket=self.bucket, Prefix=top))
        return asked(
            lambda client: client.list_objects_v2(Bucket=self.bucket, Prefix=top, ContinuationToken=after)
        )


@lru_cache(maxsize=8)
def _begun(store: S3Store, process: int) -> Wording:
    """What a process does before it first writes to a store."""
    wording = _wording(store, process)
    store.sweep()
    return wording


@lru_cache(maxsize=8)
def _wording(store: S3Store, _process: int) -> Wording:
    return proven_wording(store.bucket, f"{store._top}.exclusive")


@contextmanager
def _local(key: str) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        raise StoreTrouble(f"存储 {key}：{reason(trouble)}，请检查临时文件夹所在的磁盘后重试") from trouble
