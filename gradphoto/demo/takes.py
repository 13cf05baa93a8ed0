"""The files that the cameras of a plan wrote: their names, their times, their order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gradphoto.demo.plan import Card, Sitting


@dataclass(frozen=True, slots=True)
class Take:
    """One file that a camera wrote: a slate (`frame` 0) or a frame of a sitting."""

    path: str
    taken: datetime
    sitting: Sitting
    frame: int


def takes(card: Card) -> Iterator[Take]:
    """The pictures of a card in their order, before anything was copied."""
    number = card.first
    for begin, sitting in card.turns:
        for frame in range(0 if sitting.slate else 1, sitting.frames + 1):
            path = f"{card.folder}/IMG_{number:04d}.JPG"
            yield Take(path, begin + timedelta(seconds=7 * frame), sitting, frame)
            number += 1


def beside(take: Take) -> list[str]:
    """The paths of what was written beside a frame."""
    last = take.frame == take.sitting.frames
    return [take.path.removesuffix(".JPG") + ending for ending in take.sitting.beside] if last else []


def copied(card: Card, path: str) -> list[str]:
    """Where a file of the card stands: once, or twice when the card was copied again."""
    return [path, *([card.copied_to + path.removeprefix(card.folder)] if card.copied_to else [])]
