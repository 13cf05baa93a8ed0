"""One decoding a picture: the portrait that is made while it is read is the one that would be made later."""

import shutil
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import gradphoto.demo
from cli.workspace import Workspace
from config.spec import load_spec
from gradphoto.adapters.imaging.at_once import read_at_once
from gradphoto.adapters.imaging.quality import quality_of
from gradphoto.adapters.imaging.render import render, rendered_before
from gradphoto.demo.workspace import build
from gradphoto.promising import promising
from gradphoto.records import originals
from gradphoto.stages.journals import look_name
from gradphoto.stages.portraits import drafts_of, kept_portrait, look_of, portrait_key
from gradphoto.stages.read import read_shard
from gradphoto.stages.season import Season
from tests.small_night import GUYUAN, bundles, run, small

SPEC = load_spec("chsi-2017")
FRAMES = sorted((Path(gradphoto.demo.__file__).parent / "frames").glob("*.jpg"))
STORED = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
"""How an upright picture is laid down for an EXIF orientation."""


def as_stored(path: Path, orientation: int) -> bytes:
    """A sample frame as a camera of more pixels that was held so writes it."""
    with Image.open(path) as small:
        image = small.resize((2400, 3600), Image.Resampling.LANCZOS)
        laid = STORED[orientation]
        out, exif = BytesIO(), Image.Exif()
        exif[0x0112] = orientation
        (image if laid is None else image.transpose(laid)).save(out, "JPEG", quality=92, exif=exif)
        return out.getvalue()


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("path", FRAMES[::5], ids=lambda path: path.stem)
def test_the_portrait_of_the_first_decoding_is_that_of_a_second_byte_for_byte(
    path: Path, orientation: int
) -> None:
    data = as_stored(path, orientation)
    reading, early = read_at_once(data, sha256(data).hexdigest(), "IMG_1.JPG", SPEC)
    crop = promising(reading, SPEC)
    assert bool(crop) == bool(early)
    if crop:
        late = render(data, reading, crop, SPEC)
        assert late == rendered_before(early)


def test_a_picture_that_wants_more_than_half_the_size_is_decoded_once_more() -> None:
    data = FRAMES[4].read_bytes()
    reading, early = read_at_once(data, sha256(data).hexdigest(), "IMG_1.JPG", SPEC)
    crop = promising(reading, SPEC)
    assert crop
    assert (True, b"") == (crop.scale > 0.5, early)


@pytest.mark.parametrize("quality", [1, 60, 75, 83, 99, 100])
@pytest.mark.parametrize("subsampling", ["4:2:0", "4:4:4"])
def test_a_portrait_tells_the_quality_that_it_was_given(quality: int, subsampling: str) -> None:
    out = BytesIO()
    Image.open(FRAMES[0]).resize((48, 64)).save(
        out, "JPEG", quality=quality, subsampling=subsampling, optimize=True
    )
    assert quality == quality_of(out.getvalue())


def test_a_jpeg_by_others_tells_none() -> None:
    out = BytesIO()
    Image.new("RGB", (16, 16)).save(out, "JPEG", qtables=[[7] * 64, [9] * 64])
    with pytest.raises(ValueError, match="usual tables"):
        quality_of(out.getvalue())


# ---- In the store


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("early")
    build(made, small())
    run(made)
    return made


@pytest.fixture
def season(folder: Path) -> Season:
    return Workspace(folder).season


def test_before_anything_is_rendered_the_pixels_are_there(folder: Path, season: Season, tmp_path: Path) -> None:
    """Of the demo's small pictures, those that need no more than half their size."""
    shutil.copytree(folder, tmp_path / "read")
    place = Workspace(tmp_path / "read")
    for kind in ("portraits", "drafts", "renders", "readings"):
        shutil.rmtree(place.folder / "store" / kind)
    look = look_of(place.store, season.inputs.number)
    captures = [one for one in originals(place.store, GUYUAN) if one.sha256 in season.readings]
    assert len(captures) == read_shard(place.store, look, captures, 1)
    crops = {source: promising(reading, look.spec) for source, reading in season.readings.items()}
    may = {source for source, crop in crops.items() if crop and crop.scale <= 0.5}
    assert may
    assert may == {key.rpartition("/")[2].removesuffix(".jpg") for key in place.store.keys("portraits")}


def test_what_is_there_early_is_what_is_on_record(folder: Path, season: Season) -> None:
    store = Workspace(folder).store
    kept = {source: kept_portrait(store, look_name(season.inputs), source) for source in season.renders}
    assert kept
    for source, outcome in season.renders.items():
        if outcome.sha256:
            assert outcome.sha256 == sha256(kept[source] or b"").hexdigest()


@pytest.mark.parametrize("at", [0, 20_000])
def test_a_portrait_that_the_disk_spoiled_before_it_was_chosen_is_named_and_not_delivered(
    folder: Path, season: Season, tmp_path: Path, at: int
) -> None:
    """Also when a decoder would not notice."""
    shutil.copytree(folder, tmp_path / "spoiled")
    place = Workspace(tmp_path / "spoiled")
    for kind in ("renders", "bundles", "packed", "runs", "standings"):
        shutil.rmtree(place.folder / "store" / kind, ignore_errors=True)
    (source, *_) = drafts_of(place.store, look_of(place.store, season.inputs.number)).keys() & season.renders
    key = portrait_key(look_name(season.inputs), source)
    path = place.folder / "store" / key
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(data[:at] + b"\0\0\0\0" + data[at + 4 :])
    failed = run(place.folder).run.failed
    assert failed
    assert all(key in one.reason for one in failed)
    path.unlink()
    assert () == run(place.folder).run.failed
    assert bundles(folder) == bundles(place.folder)


def test_a_slate_and_what_is_held_back_have_no_portrait(folder: Path, season: Season) -> None:
    store = Workspace(folder).store
    for source, reading in season.readings.items():
        early = kept_portrait(store, look_name(season.inputs), source)
        assert early is None or promising(reading, season.inputs.spec)


def test_without_the_early_ones_a_night_comes_to_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """As when the store is one that an earlier release filled, or the process died between the two."""
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    shutil.rmtree(other / "store")
    shutil.copytree(folder / "store", other / "store")
    for kind in ("portraits", "drafts", "renders", "bundles", "packed", "runs", "standings"):
        shutil.rmtree(other / "store" / kind, ignore_errors=True)
    run(other)
    assert bundles(folder) == bundles(other)


def test_nothing_is_made_of_a_picture_that_a_check_holds_back() -> None:
    dark = BytesIO()
    with Image.open(BytesIO(as_stored(FRAMES[0], 1))) as image:
        image.point([level // 6 for level in range(256)] * 3).save(dark, "JPEG")
    reading, early = read_at_once(dark.getvalue(), "0" * 64, "IMG_1.JPG", SPEC)
    assert (b"", None) == (early, promising(reading, SPEC))
