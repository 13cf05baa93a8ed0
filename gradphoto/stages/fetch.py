"""A bundle from a portal to a folder of a centre's machine, which has no workspace: fetched, verified, named."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gradphoto.adapters.durable import private_folder, sync_names
from gradphoto.adapters.fetch_bundle import Hear, Patience, Say, Tries, fetch, patiently
from gradphoto.adapters.fresh_file import take_name
from gradphoto.adapters.lock import lock
from gradphoto.adapters.portal_client import Portal
from gradphoto.adapters.portal_trouble import NothingOffered
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.store import digest_file
from gradphoto.adapters.verify import verify
from gradphoto.portal_offer import Offer
from gradphoto.stages.download import DownloadError

FIRST = Patience(tries=3)
"""For an address that never answered yet: it may be a wrong one."""
LATER = Patience()
"""For one that did: about two minutes."""


def ask(portal: Portal, say: Say, patience: Patience = FIRST) -> Offer:
    """What the portal offers."""
    return patiently(portal.offer, Tries(portal.origin, patience, say))


def there_already(offer: Offer, to: Path) -> bool:
    """Whether the bundle stands in the folder; `DownloadError` when another file has its name."""
    target = to / offer.name
    if not os.path.lexists(target):
        return False
    with _writing(target):
        if target.is_symlink() or not target.is_file() or digest_file(target) != offer.sha256:
            raise _taken(target)
    return True


def part_of(offer: Offer, to: Path) -> Path:
    """The file that holds what was fetched of a bundle so far."""
    return to / f"{offer.name}.{offer.sha256[:12]}.part"


def missing_bytes(offer: Offer, to: Path) -> int:
    """How many bytes are still to be fetched."""
    part = part_of(offer, to)
    return max(0, offer.bytes - part.stat().st_size) if part.is_file() else offer.bytes


def fetch_bundle(portal: Portal, offer: Offer, to: Path, hear: Hear, say: Say, patience: Patience = LATER) -> Path:
    """Fetch what was offered into the folder `to`, going on with what is there of it, and return where it stands.

    It gets its name only once its sha256 is the one offered and it verifies as a bag; nothing is overwritten.
    One line each: `PortalRefused` for what the portal does not give, `DownloadError` for all else.
    """
    target, part = to / offer.name, part_of(offer, to)
    with _writing(target):
        private_folder(to)
        _whole(portal, offer, part, hear, Tries(portal.origin, patience, say))
        _check(part)
        if not take_name(part, target):
            there_already(offer, to)
        part.unlink(missing_ok=True)
        _sweep(offer, to)
        sync_names(to)
    return target


def _whole(portal: Portal, offer: Offer, part: Path, hear: Hear, tries: Tries) -> None:
    """Have all bytes there, and the right ones. What was gone on with and came out wrong is fetched once anew."""
    while True:
        try:
            resumed = fetch(portal, offer, part, hear, tries)
        except NothingOffered as ended:
            raise _ended(portal, offer, part, ended, tries) from None
        if digest_file(part) == offer.sha256:
            return
        part.unlink()
        if not resumed:
            raise DownloadError(f"{offer.name}：下载的内容与门户所说的校验值不符，请再试一次")


def _ended(portal: Portal, offer: Offer, part: Path, ended: NothingOffered, tries: Tries) -> Exception:
    """Why the portal gives no more of it. What came in of it goes: there may be somebody's picture in it."""
    part.unlink(missing_ok=True)
    now = patiently(portal.offer, tries)  # says itself why there is none
    if now.version == offer.version:
        return ended
    return NothingOffered(f"{offer.name} 已停止下载，已下载的部分已删除：请再运行一次，下载第 {now.version} 版")


def _check(part: Path) -> None:
    """These are the portal's bytes, so fetching them again would not help: they stay where they are."""
    faults = verify(part)
    if faults:
        raise DownloadError(f"{part.name}：核验未通过，共 {len(faults)} 处，第一处是 {faults[0]}")


def _sweep(offer: Offer, to: Path) -> None:
    """Pieces of the centre's other versions that nobody fetches any more."""
    for old in to.glob(f"{offer.centre}-v[0-9][0-9][0-9][0-9]*.zip.[0-9a-f]*.part"):
        with suppress(OSError):  # they are in nobody's way
            with old.open("ab") as file:
                free = lock(file)
            if free:
                old.unlink()


def _taken(target: Path) -> DownloadError:
    return DownloadError(f"{target}：已有同名但内容不同的文件，请移走它或用 --to 换一个文件夹")


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        kept = "。已下载的部分保留着，排除故障后再运行一次即可"
        raise DownloadError(f"{target}：无法写入（{reason(trouble)}）{kept}") from None
