"""A bundle from the store to a folder of the operator's, verified after the copy."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from config.bad_input import BadInput
from gradphoto.adapters.durable import private_folder, sync_names
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.store import Store, digest_file
from gradphoto.adapters.verify import verify
from gradphoto.bundle import bundle_name
from gradphoto.downloads import Download, note_download
from gradphoto.original import Digest
from gradphoto.packed import Packed
from gradphoto.stages.blocked import BLOCKED, wrong_in


class DownloadError(BadInput):
    """A bundle that could not be handed over; one line for the operator."""


class BlockedBundle(DownloadError):
    """A version that holds a recalled portrait."""


class NoSuchBundle(DownloadError):
    """The centre has no bundle, or not that version."""


def hand_out(store: Store, packed: Packed, to: Path, at: str) -> Path:
    """Put a download on record and carry it out, as `download` does; `BlockedBundle` when a recall forbids it."""
    put_on_record(store, packed, at)
    return download(store, packed.centre, packed.version, to, packed.sha256)


def put_on_record(store: Store, packed: Packed, at: str) -> None:
    """Note that a version is about to leave the house, whatever way; `BlockedBundle` when a recall forbids it."""
    wrong = wrong_in(store, packed)
    if wrong:
        line = f"中心 {packed.centre} 第 {packed.version} 版照片包{BLOCKED}（{len(wrong)} 人），不能下载"
        raise BlockedBundle(f"{line}：请用 gradphoto status 查看最新版本，尚无新版时运行 gradphoto nightly")
    note_download(store, Download(centre=packed.centre, version=packed.version, at=at))


def download(store: Store, centre: str, version: int | None, to: Path, expected: Digest | None = None) -> Path:
    """Copy a bundle (None: the newest version) into the folder `to` and return where it stands.

    It gets its name only once it was read again: its sha256 is `expected` (or, without that, the same
    as of another copy from the store) and it verifies. A file of the same bytes may be there already.
    `DownloadError` in one line when anything of that fails; `StoreTrouble` as the store raises it.
    """
    name = f"{bundle_name(centre, _version(store, centre, version))}.zip"
    key, target = f"bundles/{centre}/{name}", to / name
    try:
        private_folder(to)
        with TemporaryDirectory(dir=to, prefix=".download-") as scratch:
            copy = Path(scratch) / name
            store.copy_to(key, copy)
            _check(copy, expected or _digest_in(store, key, Path(scratch)))
            _place(copy, target)
            sync_names(to)
    except OSError as trouble:
        raise DownloadError(f"{target}：无法写入（{reason(trouble)}）") from None
    return target


def _version(store: Store, centre: str, wanted: int | None) -> int:
    there = versions(store, centre)
    if not there:
        raise NoSuchBundle(f"教学点 {centre!r} 还没有照片包")
    if wanted is not None and wanted not in there and 0 < wanted < there[-1]:
        raise NoSuchBundle(f"教学点 {centre!r} 第 {wanted} 版照片包已销毁，现有：{'、'.join(map(str, there))}")
    if wanted is not None and wanted not in there:
        raise NoSuchBundle(f"教学点 {centre!r} 没有第 {wanted} 版照片包，现有：{'、'.join(map(str, there))}")
    return there[-1] if wanted is None else wanted


def versions(store: Store, centre: str) -> list[int]:
    """The versions of a centre's bundle in the store, lowest first."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", centre):
        return []
    name = re.compile(rf"bundles/{centre}/{centre}-v([0-9]{{4,}})\.zip")
    found = (name.fullmatch(key) for key in store.keys(f"bundles/{centre}"))
    return sorted(int(match[1]) for match in found if match)


def _digest_in(store: Store, key: str, scratch: Path) -> Digest:
    """What the store holds, read a second time: the first copy may have suffered on its way."""
    second = scratch / "second"
    store.copy_to(key, second)
    try:
        return digest_file(second)
    finally:
        second.unlink()


def _check(copy: Path, expected: Digest) -> None:
    if digest_file(copy) != expected:
        raise DownloadError(f"{copy.name}：下载的内容与记录的校验值不符，请再试一次")
    faults = verify(copy)
    if faults:
        raise DownloadError(f"{copy.name}：核验未通过，共 {len(faults)} 处，第一处是 {faults[0]}")


def _place(copy: Path, target: Path) -> None:
    if not target.exists():
        copy.rename(target)
    elif not target.is_file() or digest_file(target) != digest_file(copy):
        raise DownloadError(f"{target}：已有同名但内容不同的文件，请移走它或用 --to 换一个文件夹")
