"""The page that the benchmark writes: its tables, its goals and its plot."""

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

Result = dict[str, float]
PARTS = {
    "read": "read and hash",
    "decode": "strict decoding at half size",
    "models": "face networks: detector, mesh, person",
    "resize": "resize",
    "encode": "one encoding",
}
OURS = {
    "reading": "reading an original: decoding and what follows",
    "turn": "of it turning it upright",
    "measure": "of it faces and all figures",
    "codes": "of it codes",
    "again": "measuring the finished portrait again",
}
"""What the two pieces tell of by name."""


class Figures(NamedTuple):
    """Everything that was measured: by contestant a result a round, by number of photos the same."""

    rounds: Mapping[str, Sequence[Result]]
    growth: Mapping[int, Sequence[Result]]
    machine: str
    megabytes: float
    load: float
    absent: Sequence[str]

    def of(self, name: str, what: str = "cpu") -> list[float]:
        """One figure of a contestant, a round each, in seconds (or megabytes)."""
        return [one[what] for one in self.rounds[name]]

    def ratio(self, above: Sequence[float], below: Sequence[float]) -> list[float]:
        """Round by round."""
        return [a / b for a, b in zip(above, below, strict=True)]

    @property
    def without_faces(self) -> list[float]:
        """The whole less what looking at faces takes, networks and all figures made of them."""
        pairs = zip(self.of("whole"), self.of("ours", "measure"), strict=True)
        return [whole - faces for whole, faces in pairs]


class Goal(NamedTuple):
    """One goal, what came of it, and whether it was met by the median."""

    text: str
    values: list[float]
    met: bool


def goals(found: Figures) -> Iterator[Goal]:
    """Those that were set before anything was measured."""
    whole = found.of("whole")
    over = found.ratio(whole, found.of("parts"))
    yield Goal("whole ÷ its parts ≤ 1.25", over, statistics.median(over) <= 1.25)
    if "vipsthumbnail" in found.rounds:
        vips = found.of("vipsthumbnail")
        fast, seeing = found.ratio(vips, found.without_faces), found.ratio(vips, whole)
        yield Goal("vipsthumbnail ÷ whole without faces ≥ 0.65", fast, statistics.median(fast) >= 0.65)
        yield Goal("vipsthumbnail ÷ whole ≥ 0.5", seeing, statistics.median(seeing) >= 0.5)
    peak = [one["peak"] for name in ("whole", "whole, two workers") for one in found.rounds[name]]
    yield Goal("largest worker, MB ≤ 250", peak, max(peak) <= 250)
    means = [statistics.median(one["cpu"] for one in done) for done in found.growth.values()]
    spread = [value / means[0] for value in means]
    yield Goal("cost a photo at 50, 200, 800 ÷ at 50, within 5 %", spread, max(spread) / min(spread) <= 1.05)


def page(found: Figures) -> str:
    """The page."""
    return "\n".join([*_head(found), *_tables(found), *_notes(found), ""])


def _head(found: Figures) -> Iterator[str]:
    yield f"""# Performance

Written by `make bench`; do not edit. The pipeline is measured against the work that no program can leave out and
against other programs, which only make a small picture.

- {found.machine}; load of the machine {found.load:.1f}.
- Frames of 24 megapixels, {found.megabytes:.1f} MB, seeded, stored upright and on either side, 5 % slates.
- {len(found.rounds["whole"])} interleaved rounds. All figures are processor time as the kernel counts it, of
  all processes, one thread each; ours from when modules and networks are loaded, the others' with their start.
  Where other work is on meanwhile milliseconds are no records: trust the ratios, each taken within its round.
- Not on this machine, so not compared: {", ".join(found.absent) or "nothing"}.

![Processor time a photo](pictures/performance.svg)
"""


def _tables(found: Figures) -> Iterator[str]:
    yield "## Goals\n"
    yield from _table(
        ("goal", "min", "median", "max", "met"),
        ((goal.text, *_three(goal.values, 2), "yes" if goal.met else "**no**") for goal in goals(found)),
    )
    yield "## A photo\n"
    yield from _contestants(found)
    yield """whole: from the folder to the portrait on disk: taken in, read back, hashed, decoded strictly, faces,
codes, all figures, records; of the same decoding cropped, scaled, encoded to the byte window, and measured once
more from its own pixels. parts: what of it no program can leave out, once.

## Where it goes
"""
    yield from _table(("ms a photo", "min", "median", "max"), _pieces(found))
    yield "## Two workers\n"
    yield """What a photo costs when one works ÷ when two work at once: 1.00 would be no loss. The decoding alone
(libjpeg-turbo, strict, half size) stands in for `djpeg`.
"""
    yield from _table(("", "min", "median", "max"), _scaling(found))
    yield f"## How cost grows\n\nTwo workers, {len(next(iter(found.growth.values())))} rounds.\n"
    yield from _table(
        ("photos (3.8 megapixels)", "min ms", "median ms", "max ms"),
        ((str(size), *_three([one["cpu"] for one in done], 1, 1000)) for size, done in found.growth.items()),
    )


def _contestants(found: Figures) -> Iterator[str]:
    """Fastest first."""
    base = "vipsthumbnail" if "vipsthumbnail" in found.rounds else "parts"
    names = sorted(
        (name for name in found.rounds if name != "ours"), key=lambda name: statistics.median(found.of(name))
    )
    speed = {name: statistics.median(found.ratio(found.of(base), found.of(name))) for name in names}
    yield from _table(
        ("ms a photo", "min", "median", "max", f"speed, {base} = 1"),
        ((name, *_three(found.of(name), 0, 1000), f"{speed[name]:.2f}") for name in names),
    )


def _pieces(found: Figures) -> Iterator[tuple[str, ...]]:
    for name, text in PARTS.items():
        yield (f"parts: {text}", *_three(found.of("parts", name), 1, 1000))
    for name, text in OURS.items():
        yield (text, *_three(found.of("ours", name), 1, 1000))


def _scaling(found: Figures) -> Iterator[tuple[str, ...]]:
    for name, two in (("whole", "whole, two workers"), ("decode", "decode, two copies")):
        yield (name, *_three(found.ratio(found.of(name), found.of(two)), 2))


def _notes(found: Figures) -> Iterator[str]:
    over = statistics.median(found.ratio(found.of("whole"), found.of("parts")))
    again, codes = (statistics.median(found.of("ours", name)) * 1000 for name in ("again", "codes"))
    yield f"""## What bounds it

Here the whole is {over:.2f} × its parts, with one decoding a photo. The largest pieces over them are the look
at the finished portrait, by the detector and the mesh again ({again:.0f} ms), for the promise that what leaves
was measured and not only meant, and the codes ({codes:.0f} ms), looked for at two sizes in every frame, for whose
a picture is hangs on them. Where a student has several frames each is cropped, scaled and encoded, and only the
chosen one is measured again; here every frame is somebody's portrait.

The rest over them: bytes are written and read back when they are taken in, and hashed again before they are used;
figures are made of what the networks say; the quality is found by several encodings. None of it can go without a
promise going with it.

Entropy decoding cannot be scaled away: half the size costs nearly what the full size does. A strict decoder is the
price of finding damage that others paint over."""


def _three(values: Iterable[float], digits: int, times: float = 1) -> tuple[str, str, str]:
    every = sorted(value * times for value in values)
    return tuple(f"{value:.{digits}f}" for value in (every[0], statistics.median(every), every[-1]))  # type: ignore[return-value]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def plot(found: Figures) -> str:
    """A bar a contestant at its median, with a line from the least to the most."""
    names = sorted((name for name in found.rounds if name != "ours"), key=lambda name: max(found.of(name)))
    most = max(max(found.of(name)) for name in names) * 1000
    rows = []
    for at, name in enumerate(names):
        low, middle, high = (float(word) for word in _three(found.of(name), 1, 1000))
        y, colour = 26 * at + 8, "#2b6cb0" if name.startswith("whole") else "#a0aec0"
        x = [170 + 460 * value / most for value in (low, middle, high)]
        rows.append(
            f'<text x="162" y="{y + 13}" text-anchor="end">{name}</text>'
            f'<rect x="170" y="{y}" width="{x[1] - 170:.1f}" height="18" fill="{colour}"/>'
            f'<path d="M{x[0]:.1f} {y + 9}H{x[2]:.1f}" stroke="#1a202c"/>'
            f'<text x="{x[2] + 6:.1f}" y="{y + 13}">{middle:.0f} ms</text>'
        )
    size = f'width="700" height="{26 * len(names) + 12}"'
    style = 'font-family="sans-serif" font-size="12" fill="#1a202c"'
    lines = "\n".join(rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<g {style}>\n{lines}\n</g>\n</svg>\n'
