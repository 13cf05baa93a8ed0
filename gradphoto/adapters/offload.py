"""A card copied to several drives: every file read once, every copy read back and compared, then its manifest.

The card is only read, and nothing is ever written over. Whatever cuts an offload off, the next one goes on from
it; and each compares everything anew, so what it says of the copies is what it has just seen.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os.path import lexists
from pathlib import Path

from config.bad_input import BadInput
from gradphoto.adapters.found import Found
from gradphoto.adapters.offload_anchors import Card
from gradphoto.adapters.offload_card import begun, find_folders
from gradphoto.adapters.offload_look import look_through
from gradphoto.adapters.offload_steps import Done, compare, copy, finish
from gradphoto.adapters.offload_target import Target
from gradphoto.adapters.room import refuse_shortage
from gradphoto.adapters.whole import listed_in
from gradphoto.card_manifest import Listed
from gradphoto.numbering import Gap, gaps
from gradphoto.room import Need

COPYING, COMPARING = "拷卡", "复读核对"
Tell = Callable[[str], Done]
"""From a step's name to whom it is told."""


class EmptyCard(BadInput):
    """Nothing to copy; its message is one line for the operator."""


@dataclass(frozen=True, slots=True)
class Offloaded:
    """What an offload saw and did."""

    files: tuple[Listed, ...]
    """Every file of the card that could be read, in natural order."""
    targets: tuple[Target, ...]
    faults: tuple[str, ...]
    """One Chinese line for each reason why the card must be kept as it is."""
    left_out: tuple[str, ...]
    gaps: tuple[Gap, ...]
    days: Mapping[str, Sequence[str]]
    """The pictures by the day of the camera's clock, `YYYY-MM-DD`; those that do not say are not here."""

    @property
    def may_format(self) -> bool:
        """Whether every file of the card stands on every target, compared."""
        return bool(self.files and self.targets) and not self.faults

    @property
    def bytes(self) -> int:
        """Of all the files together."""
        return sum(each.size for each in self.files)


def offload(card: Path, roots: Sequence[Path], tell: Tell) -> Offloaded:
    """Copy a card into a folder of its own below each root, and compare.

    `SourceError` when the card cannot be opened, `EmptyCard` when there is nothing on it, `NoRoom` when what a
    drive lacks does not fit there; then nothing was written. Every other trouble is among the faults, and stops
    neither other files nor other targets.
    """
    seen, said = look_through(card), listed_in(card)
    if not any(found.size for found in seen.files) and not seen.faults:
        raise EmptyCard(f"存储卡 {card} 上没有任何文件：请检查路径")
    known = Card(seen.files)
    refuse_shortage(_needs(known, seen.files, roots))
    targets = find_folders(known, roots) if known.anchors else []
    read = copy(seen.files, targets, tell(COPYING))
    compare(read.files, targets, tell(COMPARING))
    faults = [*seen.faults, *read.faults, *_unlike(said, read.files)]
    if not targets:
        faults.append(f"{card}：没有一个文件能读出来，请换一个读卡器")
    for target in targets:
        finish(target, read.files, sealed=not faults)
    faults += [line for target in targets for line in (*target.faults, target.trouble) if line]
    paths = [found.path for found in seen.files]
    return Offloaded(
        tuple(read.files), tuple(targets), tuple(faults), seen.left_out, tuple(gaps(paths)), dict(read.days)
    )


def _unlike(said: Sequence[Listed], files: Sequence[Listed]) -> list[str]:
    """Files that are no longer what the manifest of an earlier offload, if the card is a copy itself, says."""
    now = {each.path: each.sha256 for each in files}
    return [f"{each.path}：与存储卡清单不符" for each in said if now.get(each.path, each.sha256) != each.sha256]


def _needs(card: Card, files: Sequence[Found], roots: Sequence[Path]) -> Iterator[Need]:
    """What each drive lacks of the card."""
    for root in roots:
        folder = begun(card, root)
        yield Need(
            "目标硬盘", root, [found.size for found in files if folder is None or not lexists(folder / found.path)]
        )
