"""How often each check fires on the sample frames and on faults that are planted in each of them.

`python -m tests.checks_table` prints the table of docs/checks.md, or the rows of the checks that are named.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from config.spec import Spec, load_spec
from gradphoto.adapters.imaging.measure import measure
from gradphoto.adapters.imaging.mesh import LEFT_IRIS, RIGHT_IRIS
from gradphoto.adapters.imaging.remeasure import remeasure
from gradphoto.adapters.imaging.render import Rendered, encode
from gradphoto.checks import findings
from gradphoto.geometry import Crop, solve
from gradphoto.reading import Reading
from tests.blue_tops import BLUES, FRAMES, dressed, frame
from tests.shut_eyes import points, skin_lids

SPEC = load_spec("chsi-2017")
BACKDROP = (65, 138, 213)
BACKDROPS = {"white": (250, 250, 250), "grey": (128, 128, 128), "black": (20, 20, 20), "red": (170, 25, 35)}
"""What a venue may hang instead of a blue."""

Planter = Callable[[Path], Image.Image]


def lit(gain: float) -> Planter:
    return lambda path: frame(path).point([min(255, round(level * gain)) for level in range(256)] * 3)


def blurred(path: Path) -> Image.Image:
    return frame(path).filter(ImageFilter.GaussianBlur(3))


def turned(path: Path) -> Image.Image:
    """Further to the side to which the head leans anyhow."""
    right, left = points(path)[[RIGHT_IRIS, LEFT_IRIS], 1]
    return frame(path).rotate(-9 if left > right else 9, Image.Resampling.BICUBIC, fillcolor=BACKDROP)


def beside_another(path: Path) -> Image.Image:
    both = Image.new("RGB", (2 * frame(path).width, frame(path).height), BACKDROP)
    both.paste(frame(path), (0, 0))
    both.paste(frame(FRAMES[18]), (frame(path).width, 0))
    return both


def before(backdrop: Callable[[tuple[int, int]], Image.Image]) -> Planter:
    """Wherever the frame has the sample backdrop's colour."""

    def planted(path: Path) -> Image.Image:
        behind = np.abs(np.asarray(frame(path)).astype(int) - BACKDROP).max(axis=2) < 24
        mask = Image.fromarray((255 * behind).astype(np.uint8)).filter(ImageFilter.BoxBlur(1))
        return Image.composite(backdrop(frame(path).size), frame(path), mask)

    return planted


def weave(size: tuple[int, int]) -> Image.Image:
    noise = np.random.default_rng(2).normal(0, 40, (size[1], size[0], 1))
    return Image.fromarray(np.clip(np.array(BACKDROP) + noise, 0, 255).astype(np.uint8))


def plain(colour: tuple[int, int, int]) -> Callable[[tuple[int, int]], Image.Image]:
    return lambda size: Image.new("RGB", size, colour)


def before_another(path: Path) -> Image.Image:
    """A sitter each before every one of them in turn."""
    colours = list(BACKDROPS.values())
    return before(plain(colours[FRAMES.index(path) % len(colours)]))(path)


def with_glasses(path: Path) -> Image.Image:
    image, found = frame(path).copy(), points(path)
    draw, (right, left) = ImageDraw.Draw(image), (found[RIGHT_IRIS], found[LEFT_IRIS])
    apart = float(np.hypot(*(left - right)))
    thick = max(2, round(apart / 14))
    for x, y in (right, left):
        box = (x - 0.4 * apart, y - 0.3 * apart, x + 0.4 * apart, y + 0.33 * apart)
        draw.rounded_rectangle(box, 0.2 * apart, outline=(30, 25, 25), width=thick)
    inner = (*(right + (0.4 * apart, -0.02 * apart)), *(left - (0.4 * apart, 0.02 * apart)))
    draw.line(inner, fill=(30, 25, 25), width=thick)
    return image


def in_blue(path: Path) -> Image.Image:
    shades = sorted(BLUES)
    return dressed(path, BLUES[shades[FRAMES.index(path) % len(shades)]])


NOBODY = Reading(sha256="", version="")
PLANTED: dict[str, tuple[str, Planter]] = {
    "several-faces": ("another sitter beside", beside_another),
    "tilted": ("leaning 9° further", turned),
    "blurred": ("out of focus, radius 3 at half size", blurred),
    "overexposed": ("2.2 × the light", lit(2.2)),
    "underexposed": ("a quarter of the light", lit(0.25)),
    "backdrop-uneven": ("a weave", before(weave)),
    "backdrop-colour": ("white, grey, black or red", before_another),
    "eyes-closed": ("lids drawn over the eyes", skin_lids),
    "glasses": ("a dark frame drawn on", with_glasses),
    "blue-top": ("dressed in one of 13 blues", in_blue),
}
"""By check: the fault in words, and how it is planted."""


def reading_of(image: Image.Image) -> Reading:
    found = measure(np.asarray(image), 1.0)
    width, height = image.size
    return Reading(
        sha256="", version="", width=width, height=height,
        faces=found.faces, face=found.face, figures=found.figures,
    )  # fmt: skip


def fired(image: Image.Image, spec: Spec = SPEC) -> dict[str, str]:
    """What each check that fires means, those of the portrait too."""
    reading = reading_of(image)
    found = findings(reading, spec, portrait_figures(image, reading, spec))
    return {finding.code: finding.means for finding in found}


def portrait_figures(
    image: Image.Image, reading: Reading, spec: Spec, spoil: Callable[[Image.Image], None] = lambda _: None
) -> dict[str, float]:
    """Those of the portrait that would be made, spoilt before it is encoded."""
    crop = solve(reading.face, reading.width, reading.height, spec) if reading.face else None
    if not isinstance(crop, Crop):
        return {}
    box = (crop.left, crop.top, crop.right, crop.bottom)
    small = image.resize((spec.width, spec.height), Image.Resampling.LANCZOS, box)
    spoil(small)
    made = encode(small, spec)
    return remeasure(made.jpeg if isinstance(made, Rendered) else jpeg_of(small))


def jpeg_of(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=60)
    return out.getvalue()


def edged(image: Image.Image) -> None:
    ImageDraw.Draw(image).rectangle((0, 0, 3, image.height), fill="black")


def rows(codes: Sequence[str] = tuple(SPEC.checks)) -> Iterator[tuple[str, str, str]]:
    """Check, how often on the sample frames, how often on the planted ones."""
    plain = [fired(frame(path)) for path in FRAMES]
    for code in codes:
        yield code, counted(code, plain), planted(code)


def counted(code: str, found: Sequence[dict[str, str]]) -> str:
    """How many are held for it, and how many only get a hint."""
    means = Counter(one[code] for one in found if code in one)
    held = means["person"] + means["refuse"]
    return f"{held}, and {means['hint']} hinted" if means["hint"] else f"{held}"


def planted(code: str) -> str:
    if code == "dark-edges":
        figures = [portrait_figures(frame(path), reading_of(frame(path)), SPEC, edged) for path in FRAMES]
        found = [{one.code: str(one.means) for one in findings(NOBODY, SPEC, each)} for each in figures]
        return f"{counted(code, found)}: a black border of 4 px"
    if code not in PLANTED:
        return "–"
    words, planter = PLANTED[code]
    return f"{counted(code, [fired(planter(path)) for path in FRAMES])}: {words}"


if __name__ == "__main__":
    print("| check | of the 30 sample frames | of 30 planted faults |\n|---|---|---|")
    for row in rows(sys.argv[1:] or tuple(SPEC.checks)):
        print(f"| `{row[0]}` | {row[1]} | {row[2]} |", flush=True)
