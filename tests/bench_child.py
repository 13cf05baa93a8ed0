"""One measured piece of work in a process group of its own: `python -m tests.bench_child WHAT FOLDER [WORKERS]`.

What a piece costs is the processor time of all its processes, as the kernel counts it, from when everything is
loaded. On a busy machine that is steadier than the time on the wall. The last line printed is JSON.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from config.settings import load_settings
from config.spec import load_spec
from gradphoto.adapters.imaging.at_once import read_at_once
from gradphoto.adapters.imaging.codes import find_codes
from gradphoto.adapters.imaging.decode import Decoded, decode
from gradphoto.adapters.imaging.detect import detect
from gradphoto.adapters.imaging.header import Header, read_header
from gradphoto.adapters.imaging.measure import measure
from gradphoto.adapters.imaging.mesh import mesh
from gradphoto.adapters.imaging.models import load
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.adapters.imaging.remeasure import remeasure
from gradphoto.adapters.imaging.turn import upright_pixels
from gradphoto.adapters.store import open_store
from gradphoto.decision import Act
from gradphoto.demo.plan import Plan, Roster
from gradphoto.demo.students import people
from gradphoto.demo.workspace import build
from gradphoto.records import originals
from gradphoto.stages.decide import take_decision
from gradphoto.stages.ingest import ingest
from gradphoto.stages.portraits import look_of
from gradphoto.stages.read import read_shard
from gradphoto.stages.render import render_shard
from gradphoto.stages.seasons import load_season
from gradphoto.stages.snapshot import take_snapshot

SESSION = "2023-07-03-guyuan"
SHARD = 200
_TICK = os.sysconf("SC_CLK_TCK")
_SIZE = 480, 640


def main() -> None:
    """Do one piece and say what it cost."""
    what, folder = sys.argv[1], Path(sys.argv[2])
    workers = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    os.setsid()
    print(json.dumps(whole(folder, workers) if what == "whole" else _PIECES[what](sorted(folder.iterdir()))))


# ---- The whole of it


def whole(frames: Path, workers: int) -> dict[str, float]:
    """From a folder of frames to a portrait on disk for each, by the stages of a night."""
    with TemporaryDirectory(dir=frames.parent) as place:
        folder = Path(place)
        store, snapshot = _prepared(folder, frames)
        look = look_of(store, snapshot)
        read_shard(open_store(f"file:{folder}/warm", folder), look, [_warm(folder)], workers)
        begin, wall = spent(), time.perf_counter()
        ingest(store, SESSION, frames, "frames", SHARD)
        every = originals(store, SESSION)
        for start in range(0, len(every), SHARD):
            read_shard(store, look, every[start : start + SHARD], workers)
        chosen = [one.match.sha256 for one in load_season(store, snapshot).chosen.values()]
        for start in range(0, len(chosen), SHARD):
            render_shard(store, snapshot, chosen[start : start + SHARD], workers)
        cost, wall = spent() - begin, time.perf_counter() - wall
        portraits = len(list(store.keys("portraits")))
        return {"cpu": cost / len(every), "wall": wall / len(every), "peak": _peak(), "portraits": portraits}


def _prepared(folder: Path, frames: Path) -> tuple[Any, int]:
    """A workspace in which a person has said of every frame whose it is, so that each becomes a portrait."""
    paths = sorted(frames.iterdir())
    who = people("guyuan", len(paths))
    build(folder, Plan((Roster("r.csv", tuple(who)),), ()))
    store = open_store("file:store", folder)
    for student, path in zip(who, paths, strict=True):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        take_decision(store, "bench", "", act=Act.ASSIGN, capture=sha256, student_no=student.student_no)
    return store, take_snapshot(store, folder, load_settings(folder))


def _warm(folder: Path) -> Any:
    """A small frame that is read before the clock runs: the workers and their networks are loaded then."""
    from tests.bench_frames import small

    small(folder / "one", 1)
    store = open_store(f"file:{folder}/warm", folder)
    return ingest(store, SESSION, folder / "one", "one").added[0]


# ---- Its parts


def parts(paths: list[Path]) -> dict[str, float]:
    """What no program can leave out, one after the other, a decoding a frame; seconds of each a frame."""
    header, decoded = _opened(paths[0].read_bytes())
    _models(upright_pixels(decoded.pixels, header.tags.orientation))
    cost = dict.fromkeys(("read", "decode", "models", "resize", "encode"), 0.0)
    for path in paths:
        data = _timed(cost, "read", _hashed, path)
        header, decoded = _timed(cost, "decode", _opened, data)
        pixels = upright_pixels(decoded.pixels, header.tags.orientation)
        _timed(cost, "models", _models, pixels)
        small = _timed(cost, "resize", _resized, pixels)
        _timed(cost, "encode", _encoded, small)
    each = {name: seconds / len(paths) for name, seconds in cost.items()}
    return {"cpu": sum(each.values()), **each}


def ours(paths: list[Path]) -> dict[str, float]:
    """Where our own time goes: reading, of it the faces with all figures and the codes; and the second look at
    what was made. Seconds a frame.
    """
    header, decoded = _opened(paths[0].read_bytes())
    measure(upright_pixels(decoded.pixels, header.tags.orientation), decoded.scale)
    cost = dict.fromkeys(("reading", "turn", "measure", "codes", "again"), 0.0)
    spec = load_spec("chsi-2017")
    for path in paths:
        data = path.read_bytes()
        _timed(cost, "reading", read_original, data, "0" * 64, path.name)
        header, decoded = _opened(data)
        pixels = _timed(cost, "turn", upright_pixels, decoded.pixels, header.tags.orientation)
        _timed(cost, "measure", measure, pixels, decoded.scale)
        _timed(cost, "codes", find_codes, pixels, 1, lambda: None)
        if portrait := read_at_once(data, "0" * 64, path.name, spec).portrait:
            _timed(cost, "again", remeasure, portrait)
    each = {name: seconds / len(paths) for name, seconds in cost.items()}
    return {"cpu": each["reading"], **each}


def _timed(cost: dict[str, float], name: str, work: Callable[..., Any], *arguments: Any) -> Any:
    begin = time.process_time()
    done = work(*arguments)
    cost[name] += time.process_time() - begin
    return done


def _hashed(path: Path) -> bytes:
    data = path.read_bytes()
    hashlib.sha256(data).hexdigest()
    return data


def _encoded(small: Image.Image) -> None:
    small.save(BytesIO(), "JPEG", quality=85, optimize=True)


def _opened(data: bytes) -> tuple[Header, Decoded]:
    header = read_header(data, "")
    assert isinstance(header, Header)
    decoded = decode(data, header)
    assert isinstance(decoded, Decoded)
    return header, decoded


def _models(pixels: Any) -> None:
    """The networks that a face needs, and nothing that is made of what they say: detector, mesh, person."""
    for detection in detect(pixels)[:1]:
        mesh(pixels, detection)
    person = load("person")
    small = Image.fromarray(pixels).resize((person.side, person.side), Image.Resampling.NEAREST)
    person.run(np.asarray(small, np.float32) / np.float32(255))


def _resized(pixels: Any) -> Image.Image:
    size = min(pixels.shape[1], pixels.shape[0] * 3 // 4)
    box = (0, 0, size, size * 4 // 3)
    return Image.fromarray(pixels).resize(_SIZE, Image.Resampling.LANCZOS, box, reducing_gap=2.0)


_PIECES = {"parts": parts, "ours": ours}


# ---- The kernel's figures


def spent() -> float:
    """Seconds of processor time of every process of this session, also of those that ended."""
    ticks = sum(sum(map(int, words[11:15])) for _, words in _session())
    return ticks / _TICK


def _session() -> Iterator[tuple[int, list[str]]]:
    """Every process of this session with the words of its `stat` after the name."""
    mine = os.getsid(0)
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "stat").read_text().rpartition(")")[2].split() if entry.name.isdecimal() else []
        except OSError:
            continue  # it ended meanwhile
        if words and int(words[3]) == mine:
            yield int(entry.name), words


def _peak() -> float:
    """Megabytes of the largest process beside this one, at its largest."""
    sizes = []
    for number, _ in _session():
        status = Path(f"/proc/{number}/status").read_text()
        high = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
        sizes.append(int(high) / 1024 if number != os.getpid() else 0)
    return max(sizes)


if __name__ == "__main__":
    main()
