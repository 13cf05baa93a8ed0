"""Exclusive create on S3: of all who write to a key one wins, and it knows.

A reply can be lost after the write took effect. The client then asks again and is told that the key is taken:
by itself. So every object carries its writer's token, new for each write; whoever is refused looks whose
token stands there. The token and the digest are metadata of the object and never part of its bytes.
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from botocore.exceptions import ClientError

from gradphoto.adapters.s3_client import Wording, asked, pause
from gradphoto.adapters.s3_trouble import code, status
from gradphoto.adapters.store import StoreTrouble, digest

COLLISIONS = 10
"""So often a writer meets others at the same key and finds nobody's object there, before it gives up."""

_TAKEN = ("PreconditionFailed", "ConditionalRequestConflict", "FileAlreadyExists", "NoSuchUpload")
"""The key is taken, is being taken, or our own upload is done with already."""
_WORDINGS: tuple[Wording, ...] = ("standard", "oss")


@dataclass(frozen=True)
class Write:
    """One write on its way: where to, the sha256 of its bytes, and the token that tells it from all others."""

    bucket: str
    name: str
    sha256: str
    wording: Wording
    writer: str = field(default_factory=lambda: uuid4().hex)

    @property
    def metadata(self) -> dict[str, str]:
        """What the object carries beside its bytes."""
        return {"writer": self.writer, "sha256": self.sha256}


def once(write: Write, act: Callable[[Write], None]) -> bool:
    """Do `act`, an exclusive write of this whole object; whether what stands there then is ours."""
    for _ in range(COLLISIONS):
        try:
            act(write)
            return True
        except ClientError as refusal:
            if not _is_taken(refusal):
                raise
        winner = _writer_of(write.bucket, write.name)
        if winner is not None:
            return winner == write.writer
        pause()  # somebody's write is under way, and may still fail
    cause = "同名文件夹，或者旁边的 .claim 所说的上传被人删除了"
    raise StoreTrouble(f"存储 {write.name}：名称被占用却没有内容，请检查存储桶中是否有{cause}")


def put(write: Write, data: bytes, over: bool = False) -> None:
    """Write `data` in one request, `over` what stands there or only where nothing does.

    The service compares it with its sha256 before it takes it.
    """
    only = {} if over else {"IfNoneMatch": "*"}
    asked(
        lambda client: client.put_object(
            Bucket=write.bucket,
            Key=write.name,
            Body=data,
            **only,  # type: ignore[arg-type]
            ChecksumSHA256=base64_digest(write.sha256),
            Metadata=write.metadata,
        ),
        write.wording,
    )


def base64_digest(sha256: str) -> str:
    """A sha256 as S3 wants it."""
    return b64encode(bytes.fromhex(sha256)).decode()


def proven_wording(bucket: str, name: str) -> Wording:
    """How this service is told to create only: proven by an object `name`, which is taken the second time.

    `StoreTrouble` when nothing keeps it from overwriting: such a service cannot be a store.
    """
    for wording in _WORDINGS:
        try:
            for _ in range(2):
                put(Write(bucket, name, digest(b""), wording), b"")
            break  # it was overwritten
        except ClientError as refusal:
            if _is_taken(refusal):
                return wording
            if code(refusal) != "NotImplemented":
                raise
    raise StoreTrouble(f"存储桶 {bucket}：该服务不支持独占创建（If-None-Match），写入会互相覆盖，不能用作存储")


def _is_taken(refusal: ClientError) -> bool:
    return status(refusal) == 412 or code(refusal) in _TAKEN


def _writer_of(bucket: str, name: str) -> str | None:
    try:
        return asked(lambda client: client.head_object(Bucket=bucket, Key=name))["Metadata"].get("writer", "")
    except ClientError as refusal:
        if status(refusal) == 404:
            return None
        raise
