"""Large objects on S3: sent in parts, each with its sha256, and completed by a claim.

`If-None-Match` on the last request is not enough: SeaweedFS 4.48 lets several complete at once, each told that
it won. So whoever has sent all parts first creates a small object beside the key, the claim, in one exclusive
request. It says which upload it is, so that whoever finds it completes that upload and no other: the claimant,
or after its death the next writer. What fails before is aborted; what a killed writer leaves is swept.
"""

import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, NamedTuple

from gradphoto.adapters.s3_client import Wording, asked
from gradphoto.adapters.s3_create import Write, base64_digest, once, put
from gradphoto.adapters.s3_read import checked_pieces
from gradphoto.adapters.store import StoreTrouble, digest

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART = 16 << 20
"""Bytes of a part; S3 allows none below 5 MiB but the last."""

LEFTOVER_AGE = timedelta(days=1)
"""The age from which an upload that was not completed is nobody's."""


class Claim(NamedTuple):
    """The upload that becomes the object, and whose it is."""

    upload_id: str
    parts: "list[CompletedPartTypeDef]"
    sha256: str
    writer: str


def create_in_parts(write: Write, file: IO[bytes]) -> bool:
    """Write the whole of `file`, one part in memory at a time; whether what stands there then is ours."""
    upload_id = _start(write)
    try:
        claim = Claim(upload_id, _parts(write, upload_id, file), write.sha256, write.writer)
    except BaseException:
        _abort(write.bucket, write.name, upload_id)
        raise
    if _stake(write, claim):  # what it raises says neither yes nor no, so the upload must stay
        return _finish(write.bucket, write.name, write.wording, claim)
    _abort(write.bucket, write.name, upload_id)
    _finish(write.bucket, write.name, write.wording, _claim_on(write.bucket, write.name))
    return False


def sweep(bucket: str, prefix: str, wording: Wording) -> None:
    """Complete or remove the uploads below `prefix` that killed writers left; what fails is left to the next."""
    with suppress(Exception):
        page = asked(lambda client: client.list_multipart_uploads(Bucket=bucket, Prefix=prefix))
        for leftover in page.get("Uploads", ()):
            if datetime.now(UTC) - leftover["Initiated"] > LEFTOVER_AGE:
                _settle(bucket, leftover["Key"], wording, leftover["UploadId"])


def _settle(bucket: str, name: str, wording: Wording, upload_id: str) -> None:
    claim = None
    with suppress(Exception):
        claim = _claim_on(bucket, name)
    if claim and claim.upload_id == upload_id:
        _finish(bucket, name, wording, claim)
    else:
        _abort(bucket, name, upload_id)


def _start(write: Write) -> str:
    started = asked(
        lambda client: client.create_multipart_upload(
            Bucket=write.bucket, Key=write.name, ChecksumAlgorithm="SHA256", Metadata=write.metadata
        )
    )
    return started["UploadId"]


def _parts(write: Write, upload_id: str, file: IO[bytes]) -> "list[CompletedPartTypeDef]":
    file.seek(0)
    whole, parts = hashlib.sha256(), list["CompletedPartTypeDef"]()
    while (data := file.read(PART)) or not parts:
        whole.update(data)
        parts.append(_part(write, upload_id, len(parts) + 1, data))
    if whole.hexdigest() != write.sha256:
        raise StoreTrouble(f"存储 {write.name}：文件在写入时被改动，请重试")
    return parts


def _part(write: Write, upload_id: str, number: int, data: bytes) -> "CompletedPartTypeDef":
    checksum = base64_digest(digest(data))
    taken = asked(
        lambda client: client.upload_part(
            Bucket=write.bucket,
            Key=write.name,
            UploadId=upload_id,
            PartNumber=number,
            Body=data,
            ChecksumSHA256=checksum,
        )
    )
    return {"PartNumber": number, "ETag": taken["ETag"], "ChecksumSHA256": checksum}


def claim_name(name: str) -> str:
    """What the claim on an object is called: beside it, and no key."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}.{last}.claim"


def _stake(write: Write, claim: Claim) -> bool:
    data = json.dumps(claim._asdict(), sort_keys=True).encode()
    return once(
        Write(write.bucket, claim_name(write.name), digest(data), write.wording), lambda stake: put(stake, data)
    )


def _claim_on(bucket: str, name: str) -> Claim:
    return Claim(**json.loads(b"".join(checked_pieces(bucket, claim_name(name)))))


def _finish(bucket: str, name: str, wording: Wording, claim: Claim) -> bool:
    """Complete the claimed upload, unless somebody did so already."""
    return once(Write(bucket, name, claim.sha256, wording, claim.writer), lambda write: _complete(write, claim))


def _complete(write: Write, claim: Claim) -> None:
    asked(
        lambda client: client.complete_multipart_upload(
            Bucket=write.bucket,
            Key=write.name,
            UploadId=claim.upload_id,
            MultipartUpload={"Parts": claim.parts},
            IfNoneMatch="*",
        ),
        write.wording,
    )


def _abort(bucket: str, name: str, upload_id: str) -> None:
    with suppress(Exception):  # a leftover is no harm
        asked(lambda client: client.abort_multipart_upload(Bucket=bucket, Key=name, UploadId=upload_id))
