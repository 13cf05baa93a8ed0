"""Trying a store with an object of its own kind, in a place where no key can be, and gone afterwards."""

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.s3_client import asked
from gradphoto.adapters.s3_store import S3Store
from gradphoto.adapters.store import Store, StoreTrouble
from gradphoto.doctor import Finding, attention, clock, good, unfit

_KEY, _BYTES, _OTHERS = "doctor/probe", b"probe", b"other"
_NO_KEY = ".tmp"
"""A segment that no key can have."""


def try_store(store: Store) -> Iterator[Finding]:
    """Write, read, list, write again and delete; then compare the clocks."""
    if isinstance(store, FolderStore):
        yield from _folder(store)
    elif isinstance(store, S3Store):
        yield from _s3(store)


def _name() -> str:
    """New each time: what a service proved before is not taken for granted."""
    return f"doctor-{uuid4().hex}"


def _folder(store: FolderStore) -> Iterator[Finding]:
    if not store.root.is_dir():
        yield unfit("store", f"没有文件夹 {store.root}", "请先挂上它所在的磁盘，或新建这个文件夹")
        return
    place = store.root / _NO_KEY / _name()
    probe = FolderStore(place)
    try:
        yield _tried(probe, str(store.root))
        with suppress(OSError, StoreTrouble):
            probe.create(_KEY, _BYTES)
            yield clock("存储所在的磁盘", time.time() - (place / _KEY).stat().st_mtime)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _s3(store: S3Store) -> Iterator[Finding]:
    top = f"{store.prefix}/" if store.prefix else ""
    probe = S3Store(store.bucket, f"{top}{_NO_KEY}/{_name()}")
    yield _tried(probe, f"s3://{store.bucket}/{store.prefix}".rstrip("/"))
    with suppress(ClientError, BotoCoreError, StoreTrouble):
        asked(lambda client: client.delete_object(Bucket=store.bucket, Key=f"{probe.prefix}/.exclusive"))
    with suppress(ClientError, BotoCoreError, StoreTrouble, KeyError, ValueError):
        yield clock("S3", time.time() - _said_by(store.bucket))


def _said_by(bucket: str) -> float:
    answer = asked(lambda client: client.list_objects_v2(Bucket=bucket, MaxKeys=1))
    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).timestamp()


def _tried(probe: Store, name: str) -> Finding:
    try:
        fault = _fault(probe)
    except StoreTrouble as trouble:
        return unfit("store", f"{name}：{_without_key(trouble)}", "排除故障后再运行 gradphoto doctor")
    if fault:
        return unfit("store", f"{name}：{fault}", "它不能用作存储，请换一个磁盘或服务")
    try:
        probe.delete(_KEY)
    except StoreTrouble:
        return attention("store", f"{name}：能读写，不能删除", "gradphoto purge 需要删除的权限，请补上")
    return good("store", f"{name}：能写、能读、能删，不会互相覆盖")


def _fault(probe: Store) -> str:
    """What a store does otherwise than it must; empty when nothing."""
    if not probe.create(_KEY, _BYTES) or probe.read(_KEY) != _BYTES:
        return "写入的内容读不回来"
    if probe.create(_KEY, _OTHERS) or probe.read(_KEY) != _BYTES:
        return "后写的覆盖了先写的"
    return "" if list(probe.keys("doctor")) == [_KEY] else "写入的内容列不出来"


def _without_key(trouble: StoreTrouble) -> str:
    """The line without the name of the object that was only a probe."""
    return str(trouble).replace(f"存储 {_KEY}", "存储").removeprefix("存储：")
