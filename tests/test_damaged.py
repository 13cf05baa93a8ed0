"""Damaged JPEGs by the thousand: each ends in a state, and what is delivered a strict decoder takes in full."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path

import simplejpeg

import gradphoto.demo
from cli.workspace import Workspace
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.adapters.imaging.tidy import tidy
from gradphoto.adapters.limits import patience
from gradphoto.adapters.processes import Died, each
from gradphoto.discrepancy import FILE
from gradphoto.reading import Reading
from tests.damage import damaged
from tests.faults import put
from tests.small_night import ANNA, BOB, DORA, EMIL, GUYUAN, build, run, small

FRAMES = [path.read_bytes() for path in sorted((Path(gradphoto.demo.__file__).parent / "frames").glob("*.jpg"))]


def strictly(data: bytes) -> bool:
    """Whether libjpeg-turbo decodes it in full size without a single warning."""
    try:
        simplejpeg.decode_jpeg(data, strict=True)
    except ValueError:
        return False
    return True


def judge(frames: list[bytes], number: int) -> tuple[str, Reading, bool]:
    kind, data = damaged(number, frames)
    with patience():
        reading = read_original(data, sha256(data).hexdigest(), "a.jpg")
    return kind, reading, strictly(b"".join(tidy(data)) if reading.notes else data)


def outcome(kind: str, reading: Reading) -> str:
    if reading.trouble:
        return f"{kind}: {reading.trouble}"
    return f"{kind}: read" + (" with a note" if reading.notes else "")


def test_the_same_number_is_the_same_damage() -> None:
    assert [damaged(number, FRAMES) for number in range(22)] == [damaged(number, FRAMES) for number in range(22)]


def test_every_damaged_file_ends_in_a_state_and_none_passes_that_a_strict_decoder_refuses(
    amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    found = list(each(partial(judge, FRAMES), range(amount(60, 2000)), 2))
    assert [] == [number for number, result in found if isinstance(result, Died)]
    told = [result for _, result in found if not isinstance(result, Died)]
    assert {reading.trouble for _, reading, _ in told} - {None} <= set(FILE)
    assert [] == [kind for kind, reading, sound in told if not (reading.trouble or sound)]
    figure(counted(outcome(kind, reading) for kind, reading, _ in told))


def test_a_night_among_damaged_files_delivers_the_good_students_and_none_of_the_damaged(
    tmp_path: Path, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    build(tmp_path, small())
    inbox = tmp_path / "inbox" / GUYUAN
    good = len([path for path in inbox.rglob("*") if path.is_file()])
    bad: dict[str, bytes] = {}
    for number in range(amount(44, 400)):
        _, data = damaged(number, FRAMES)
        put(inbox / "damaged", f"IMG_{number:04d}.JPG", data, number)
        bad[sha256(data).hexdigest()] = data
    assert not run(tmp_path).run.failed
    place = Workspace(tmp_path)
    entries = place.ledger.of_session(GUYUAN)
    assert good + amount(44, 400) == len(entries)
    delivered = [entry for entry in entries if entry.state == "delivered"]
    assert {one.student_no for one in (ANNA, BOB, DORA, EMIL)} == {entry.student_no for entry in delivered}
    assert not {entry.original.sha256 for entry in delivered} & bad.keys()
    figure(counted(entry.state.value for entry in entries))


def counted(words: Iterable[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(Counter(words).items()))
