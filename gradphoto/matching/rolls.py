"""The files of one folder in the order in which a counter named them: a roll.

A counter goes from 9999 to 0001, in the same folder or with the next one; names of another beginning are
not of its series and say nothing of when they were taken.
"""

import re
from collections.abc import Iterable
from itertools import groupby, pairwise

from gradphoto.matching.kind import Classified, parted
from gradphoto.matching.places import DCF_FOLDER, Folder, folder
from gradphoto.natural import natural_key

Roll = list[Classified]

_NUMBER = re.compile(r"(?<![0-9])([0-9]{4})(\.[^.]*)?$")
COUNTER = 10_000
"""Numbers of a counter before it begins again; 0 it gives to none."""
NEAR = 20
"""Frames that may have been deleted in the camera where the counter or the folder changed."""


def rolls(frames: Iterable[Classified]) -> list[Roll]:
    """Every folder's frames in order; folders in which one counter goes on are one roll."""
    found: list[Roll] = []
    ordered = sorted(frames, key=lambda item: (_folder_key(item), natural_key(_name(item))))
    for _, group in groupby(ordered, key=_folder_key):
        roll = _turned(list(group))
        if found and _goes_on(found[-1][-1], roll[0]):
            found[-1].extend(roll)
        else:
            found.append(roll)
    return found


def series(item: Classified) -> str:
    """What names of one counter have in common: all before the first digit; names without any are one series."""
    name = _name(item).casefold()
    return re.split("[0-9]", name, maxsplit=1)[0] if re.search("[0-9]", name) else ""


def _folder_key(item: Classified) -> tuple[object, Folder]:
    place = folder(item.frame.spot)
    return natural_key("/".join(place)), place


def _turned(roll: Roll) -> Roll:
    """The frames of a folder; in each series what was counted after 9999 comes after it."""
    turned: Roll = []
    for _, group in groupby(roll, key=series):
        members = list(group)
        cut = next((at for at, (one, two) in enumerate(pairwise(members), 1) if jumps(one, two)), 0)
        over = cut and _follows(counter(members[-1]), counter(members[0]))
        turned += members[cut:] + members[:cut] if over else members
    return turned


def jumps(one: Classified, two: Classified) -> bool:
    """Whether one counter cannot have named the two frames in a row."""
    before, after = counter(one), counter(two)
    return before is not None and after is not None and not _follows(before, after)


def _goes_on(last: Classified, first: Classified) -> bool:
    """Whether the camera began a new folder: 100CANON/IMG_9999 is followed by 101CANON/IMG_0001."""
    (above, one), (above_too, two) = (parted(folder(item.frame.spot)[2].lower()) for item in (last, first))
    return (
        folder(last.frame.spot)[:2] == folder(first.frame.spot)[:2]
        and above == above_too
        and all(map(DCF_FOLDER.fullmatch, (one, two)))
        and int(two[:3]) == int(one[:3]) + 1
        and series(last) == series(first)
        and _follows(counter(last), counter(first))
    )


def _follows(before: int | None, after: int | None) -> bool:
    return before is not None and after is not None and 1 <= (after - before) % COUNTER <= NEAR


def counter(item: Classified) -> int | None:
    """The number that a camera gave to a file; None where its name has none."""
    found = _NUMBER.search(_name(item))
    return int(found[1]) if found else None


def _name(item: Classified) -> str:
    return parted(item.frame.spot.path)[1]
