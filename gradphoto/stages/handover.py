"""Handover: a bundle onto a stick for a centre, as `download` gives it out, and the slip that both sides sign."""

from pathlib import Path
from typing import NamedTuple

from config.campaign import Campaign
from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.handover_slip import Handover, handover_slip
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.store import Store, digest_file
from gradphoto.packed import Packed
from gradphoto.stages.download import hand_out
from gradphoto.stages.download_encrypted import hand_out_encrypted


class HandedOver(NamedTuple):
    """Where the copy stands, and the slip."""

    path: Path
    slip: Path
    sha256: str
    bytes: int


def hand_over(
    store: Store,
    campaign: Campaign,
    packed: Packed,
    to: Path,
    papers: Path,
    at: str,
    password: str = "",
    font: Path | None = None,
) -> HandedOver:
    """Copy a bundle into `to`, verified and on record as every download, and write its slip into `papers`.

    With a password the copy is encrypted; the slip then says so, and never the password.
    `BlockedBundle` when a recall forbids it, `DownloadError` when it cannot be written; then there is no slip.
    """
    letters = Lettering(font)  # before anything is given out: no slip can be written without
    copied = (store, packed, to, at)
    path = hand_out_encrypted(*copied, password) if password else hand_out(*copied)
    size, sha256 = path.stat().st_size, digest_file(path)
    said = handover_of(campaign, packed, path.name, size, sha256, encrypted=bool(password))
    name = f"交接单-{packed.centre}-v{packed.version:04d}.pdf"
    written = write_fresh(papers, {name: handover_slip(said, letters)})
    return HandedOver(path, written.paths[0], sha256, size)


def handover_of(
    campaign: Campaign, packed: Packed, name: str, size: int, sha256: str, encrypted: bool
) -> Handover:
    """What the slip says of a file that holds a bundle."""
    secret = (("加密", "AES-256，密码另行告知"), ("照片包 sha256", packed.sha256)) if encrypted else ()
    rows = (
        ("采集安排", campaign.name),
        ("接收单位", campaign.centre(packed.centre).name),
        ("文件", name),
        ("版本", f"第 {packed.version} 版"),
        ("大小", f"{size} 字节"),
        ("照片", f"{len(packed.deliveries)} 人"),
        ("名单中无照片的", f"{len(packed.absent)} 人"),
        ("sha256", sha256),
        *secret,
        ("存储介质", "□ U盘　□ 移动硬盘　□ 其他：____________　编号：____________"),
    )
    return Handover("毕业生电子照片交接单", rows)
