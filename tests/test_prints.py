"""Prints: the sheet is measured from its PDF, every picture is a crop of the original, nobody is printed twice."""

import io
import json
import shutil
import subprocess
import tracemalloc
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from PIL import Image

from cli.workspace import Workspace
from config.print_size import PrintError, load_print_size, shipped_sizes
from config.spec import load_spec
from gradphoto.adapters.lettering import FONTS, Lettering
from gradphoto.adapters.print_sheets import Portrait, PrintSheets, print_jpeg
from gradphoto.adapters.store import digest_file
from gradphoto.decision import Act
from gradphoto.geometry import Crop, solve
from gradphoto.print_crop import print_spec
from gradphoto.prints import prints_of
from gradphoto.purge import Scope
from gradphoto.stages.decide import take_decision
from gradphoto.stages.fsck import fsck
from gradphoto.stages.print_jobs import Job, make_picture
from gradphoto.stages.prints import Made, Order, print_centre
from tests.pdf_objects import objects, pages, stream
from tests.purging import listing, purge, student
from tests.small_night import ANNA, BOB, GUYUAN, as_if_released, build, program, run, small
from tests.test_geometry import Sitting, fitting

SIZES = shipped_sizes()
SPEC = load_spec("chsi-2017")
needs_font = pytest.mark.skipif(not any(Path(path).is_file() for path in FONTS), reason="needs fonts-noto-cjk")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="needs poppler-utils")
pytestmark = needs_font


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its night: Anna and Bob are delivered in Guyuan's bundle."""
    folder = tmp_path_factory.mktemp("prints")
    build(folder, small())
    run(folder)
    return folder


@pytest.fixture
def folder(night: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(night, tmp_path / "night"))


def made(folder: Path, size: str = "33x48", to: str = "lab", centre: str = "guyuan", **more: Any) -> Made:
    place = Workspace(folder)
    order = Order(place.bundles[centre], load_print_size(size, folder), folder / to, workers=2, **more)
    return print_centre(place.store, place.season, order)


def students(done: Made) -> list[str]:
    return [one.student_no for one in done.prints]


def sheets_of(size: str, *names: str, colour: str = "red") -> bytes:
    """A PDF of plain pictures, for each name one student."""
    profile, out = load_print_size(size), BytesIO()
    jpeg = print_jpeg(Image.new("RGB", profile.pixels, colour), profile.dpi)
    sheets = PrintSheets(out, profile, Lettering(), "试")
    for serial, name in enumerate(names):
        sheets.add(Portrait(f"21640012{serial:05d}", name, jpeg))
    sheets.close()
    return out.getvalue()


# ---- The sheet


@pytest.mark.parametrize("size", SIZES)
def test_a_student_has_eight_pictures_of_that_size_on_six_inch_paper(size: str) -> None:
    wanted = load_print_size(size).photo
    found = pages(sheets_of(size, "王芳"))
    assert 8 == sum(len(page.pictures) for page in found)
    assert (2 if size == "35x53" else 1) == len(found)
    for page in found:
        assert (152, 102) == pytest.approx((page.width, page.height), abs=0.05)
        for one in page.pictures:
            assert (wanted.width, wanted.height) == pytest.approx((one.width, one.height), abs=0.1)
            assert 0 <= one.left < one.right <= page.width
            assert 0 <= one.bottom < one.top <= page.height
        for one, other in combinations(page.pictures, 2):
            apart = one.right <= other.left or other.right <= one.left
            assert apart or one.top <= other.bottom + 1e-6 or other.top <= one.bottom + 1e-6


@pytest.mark.parametrize(
    ("size", "pixels"),
    [("33x48", (390, 567)), ("35x45", (413, 531)), ("35x49", (413, 579)), ("35x53", (413, 626))],
)
def test_a_picture_has_300_dpi_to_the_pixel_and_is_not_stretched(size: str, pixels: tuple[int, int]) -> None:
    for page in pages(sheets_of(size, "王芳")):
        one = page.pictures[0]
        assert pixels == page.pixels
        for count, length in zip(page.pixels, (one.width, one.height), strict=True):
            assert abs(count - length / 25.4 * 300) <= 0.5
        assert pytest.approx(one.width / one.height, rel=0.002) == page.pixels[0] / page.pixels[1]


@pytest.mark.parametrize("size", SIZES)
def test_every_edge_has_its_cut_marks_and_none_touches_a_picture(size: str) -> None:
    for page in pages(sheets_of(size, "王芳")):
        across = {round(x1, 3) for x1, y1, x2, y2 in page.lines if x1 == x2}
        down = {round(y1, 3) for x1, y1, x2, y2 in page.lines if y1 == y2}
        assert {round(edge, 3) for one in page.pictures for edge in (one.left, one.right)} == across
        assert {round(edge, 3) for one in page.pictures for edge in (one.bottom, one.top)} == down
        for x1, y1, x2, y2 in page.lines:
            assert 0 <= x1 <= x2 <= page.width
            assert 0 <= y1 <= y2 <= page.height
            assert not any(_touch(one, (x1, y1, x2, y2)) for one in page.pictures)


def _touch(one: Any, line: tuple[float, float, float, float]) -> bool:
    x1, y1, x2, y2 = line
    return bool(x1 <= one.right and x2 >= one.left and y1 <= one.top and y2 >= one.bottom)


@needs_poppler
@pytest.mark.parametrize("size", SIZES)
def test_another_program_draws_the_pictures_at_that_size_in_millimetres(size: str, tmp_path: Path) -> None:
    profile = load_print_size(size)
    (tmp_path / "a.pdf").write_bytes(sheets_of(size, "王芳"))
    subprocess.run(["pdftoppm", "-r", "508", "-f", "1", "-l", "1", tmp_path / "a.pdf", tmp_path / "a"], check=True)
    (path,) = tmp_path.glob("a-*.ppm")
    with Image.open(path) as image:
        red = np.asarray(image)[..., 1] < 100  # 20 pixels a millimetre; cut marks are thin and outside
    one = pages((tmp_path / "a.pdf").read_bytes())[0].pictures[0]
    row = red[round((102 - one.bottom - one.height / 2) * 20)]
    column = red[:, round((one.left + one.width / 2) * 20)]
    assert (152 * 20, 102 * 20) == pytest.approx((red.shape[1], red.shape[0]), abs=2)
    gap = profile.gap or None
    assert _lengths(row) == pytest.approx([profile.photo.width] * 4 if gap else [profile.photo.width * 4], abs=0.1)
    rows = 1 if size == "35x53" else 2
    tall = [profile.photo.height] * rows if gap else [profile.photo.height * rows]
    assert _lengths(column) == pytest.approx(tall, abs=0.1)


def _lengths(line: Any) -> list[float]:
    """How long the coloured parts of a line of pixels are, in millimetres; a cut mark's end is too short."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
    return [float(b - a) / 20 for a, b in edges.reshape(-1, 2) if b - a > 200]


@needs_poppler
def test_number_and_name_are_text_in_an_embedded_font_rare_characters_too(tmp_path: Path) -> None:
    many = (chr(0x4E00 + at) for at in range(300))
    names = ["王芳", "王䶮𬭎", "买买提·艾力", *map("".join, zip(*[many] * 10, strict=True))]
    (tmp_path / "a.pdf").write_bytes(sheets_of("35x45", *names))
    fonts = subprocess.run(["pdffonts", tmp_path / "a.pdf"], capture_output=True, text=True, check=True).stdout
    rows = fonts.splitlines()[2:]
    assert 2 == len(rows)
    assert all("Type 3" in row and row.split()[-5] == "yes" for row in rows)
    text = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    read = ["".join(page.split()) for page in text.split("\f")]
    assert [f"21640012{serial:05d}{name}" for serial, name in enumerate(names)] == read[: len(names)]


def test_a_character_that_no_font_has_leaves_a_gap_and_is_named(folder: Path) -> None:
    place = Workspace(folder)
    packed = place.bundles["guyuan"]
    named = packed.model_copy(update={"deliveries": tuple(
        one.model_copy(update={"name": "张\U0003134a三"}) for one in packed.deliveries
    )})  # fmt: skip
    done = print_centre(place.store, place.season, Order(named, load_print_size("33x48"), folder / "lab"))
    assert ["U+3134A"] * 2 == [one.codes for one in done.unprintable]


def test_the_colours_are_srgb_and_nothing_knows_the_time() -> None:
    every = objects(sheets_of("33x48", "王芳"))
    (profile,) = (stream(body) for body in every.values() if b"/N 3" in body)
    assert (b"acsp", bytes(12)) == (profile[36:40], profile[24:36])
    assert not any(b"Date" in body for body in every.values())


class Nowhere(io.RawIOBase):
    """A file that keeps nothing."""

    def write(self, data: Any) -> int:
        return len(data)


def test_six_hundred_students_take_no_more_memory_than_a_few() -> None:
    size = load_print_size("33x48")
    noise = np.random.default_rng(1).integers(0, 255, (*size.pixels[::-1], 3), np.uint8)
    jpeg, letters = print_jpeg(Image.fromarray(noise), size.dpi), Lettering()
    sheets = PrintSheets(Nowhere(), size, letters, "试")  # type: ignore[arg-type]
    sheets.add(Portrait("0", "王芳", jpeg))
    tracemalloc.start()
    for serial in range(600):
        sheets.add(Portrait(f"{serial:013d}", "王芳", jpeg))
    sheets.close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * len(jpeg) < 600 * len(jpeg) / 50


# ---- The crop


@pytest.mark.parametrize("size", SIZES)
@given(sitting=fitting())
def test_a_print_is_a_crop_of_its_own_with_the_head_as_in_the_portrait(size: str, sitting: Sitting) -> None:
    face, width, height = sitting
    spec = print_spec(SPEC, load_print_size(size))
    crop = solve(face, width, height, spec)
    if not isinstance(crop, Crop):
        return
    tall, wide = crop.bottom - crop.top, crop.right - crop.left
    assert crop.scale <= 1
    assert 0 <= crop.left < crop.right <= width
    assert 0 <= crop.top < crop.bottom <= height
    assert wide / tall == pytest.approx(spec.width / spec.height, rel=1e-3)
    assert 50 / 640 <= (face.crown - crop.top) / tall <= 110 / 640
    assert 200 / 640 <= (face.eye - crop.top) / tall <= 300 / 640
    assert 180 / 480 <= face.width / wide <= 300 / 480


def test_the_picture_is_cut_from_the_original(night: Path) -> None:
    place = Workspace(night)
    (one, *_) = place.bundles["guyuan"].deliveries
    reading = place.season.readings[one.source_sha256]
    spec = print_spec(SPEC, load_print_size("33x48"))
    assert reading.face
    crop = solve(reading.face, reading.width, reading.height, spec)
    assert isinstance(crop, Crop)
    jpeg = make_picture(place.store, spec, Job(reading, crop))
    assert isinstance(jpeg, bytes)
    original = place.store.read(f"originals/{one.source_sha256[:2]}/{one.source_sha256}")
    with Image.open(BytesIO(original)) as whole, Image.open(BytesIO(jpeg)) as print_:
        box = (crop.left, crop.top, crop.right, crop.bottom)
        plain = whole.convert("RGB").resize((spec.width, spec.height), Image.Resampling.LANCZOS, box)
        apart = np.abs(np.asarray(plain, np.int16) - np.asarray(print_, np.int16))
    assert apart.mean() < 2


def test_a_frame_with_too_few_pixels_is_listed_and_never_enlarged(folder: Path) -> None:
    text = (Path("config/prints/33x48.toml")).read_text(encoding="utf-8")
    fine = text.replace("dpi = 300", "dpi = 1200").replace('id = "33x48"', 'id = "fine"')
    (folder / "fine.toml").write_text(fine, encoding="utf-8")
    done = made(folder, "fine.toml")
    assert (None, None, []) == (done.path, done.printed, students(done))
    assert {"too-far", "upscaled"} >= {one.trouble.code for one in done.left_out}
    assert [ANNA.student_no, BOB.student_no] == [one.student_no for one in done.left_out]
    assert [] == list((folder / "lab").iterdir())
    assert [] == prints_of(Workspace(folder).store, "guyuan")


# ---- Who is printed


def test_the_same_pictures_make_the_same_bytes_and_nothing_is_written_over(folder: Path) -> None:
    first, again = made(folder), made(folder, to="other", every=True)
    assert first.path
    assert again.path
    assert first.path.read_bytes() == again.path.read_bytes()
    assert [ANNA.student_no, BOB.student_no] == students(first)
    (folder / "mine").mkdir()
    (folder / "mine" / first.path.name).write_text("mine", encoding="utf-8")
    third = made(folder, to="mine", every=True)
    assert third.path == folder / "mine" / "冲印-guyuan-33x48-2.pdf"
    assert "mine" == (folder / "mine" / first.path.name).read_text(encoding="utf-8")
    assert third.path == made(folder, to="mine", every=True).path


def test_who_was_printed_is_not_printed_again_but_in_another_size(folder: Path) -> None:
    made(folder)
    again = made(folder)
    assert (None, 2, []) == (again.path, again.known, students(again))
    assert [ANNA.student_no, BOB.student_no] == students(made(folder, "35x45"))


def test_a_pdf_that_was_cut_off_before_its_record_is_made_again_to_the_same_bytes(folder: Path) -> None:
    first = made(folder)
    assert first.path
    shutil.rmtree(folder / "store/prints")
    assert first.path == made(folder).path
    assert [digest_file(first.path)] == [one.sha256 for one in prints_of(Workspace(folder).store, "guyuan")]


def test_a_replaced_picture_is_printed_again_and_only_that(folder: Path) -> None:
    made(folder)
    place = Workspace(folder)
    other = next(
        entry.original.sha256
        for entry in place.ledger.entries
        if entry.student_no == ANNA.student_no and entry.state.value == "superseded"
    )
    take_decision(place.store, "test", "", act=Act.CHOOSE, capture=other)
    run(folder)
    again = made(folder)
    assert ([ANNA.student_no], 1) == (students(again), again.known)
    assert again.path
    assert "冲印-guyuan-33x48-2.pdf" == again.path.name


@pytest.mark.parametrize("act", [Act.REJECT, Act.HOLD])
def test_what_a_person_refused_since_is_not_printed(folder: Path, act: Act) -> None:
    place = Workspace(folder)
    take_decision(place.store, "test", "", act=act, capture=_source(place, ANNA.student_no), reason="闭眼")
    done = made(folder)
    assert [BOB.student_no] == students(done)
    code = {Act.REJECT: "rejected", Act.HOLD: "held-by-person"}[act]
    assert [(ANNA.student_no, code)] == [(one.student_no, one.trouble.code) for one in done.left_out]


def test_a_recalled_picture_is_never_printed_with_a_new_bundle_or_without(folder: Path) -> None:
    place = Workspace(folder)
    source = _source(place, ANNA.student_no)
    recall: dict[str, Any] = {"act": Act.RECALL, "student_no": ANNA.student_no, "capture": source}
    take_decision(place.store, "test", "", reason="不是本人", captures=(source,), **recall)
    done = made(folder, every=True)
    assert [BOB.student_no] == students(done)
    assert [(ANNA.student_no, "recalled")] == [(one.student_no, one.trouble.code) for one in done.left_out]
    run(folder)
    assert source not in {one.source for one in made(folder, every=True).prints}


def _source(place: Workspace, student_no: str) -> str:
    return next(one.source_sha256 for one in place.bundles["guyuan"].deliveries if one.student_no == student_no)


def test_a_purge_lists_the_pdfs_by_digest_and_forgets_who_was_in_them(folder: Path) -> None:
    done = made(folder)
    assert done.path
    listed = [one for one in listing(folder, student(ANNA.student_no)).beyond if "冲印文件" in one.total]
    assert [(f"冲印-guyuan-33x48.pdf sha256 {digest_file(done.path)}",)] == [one.places for one in listed]
    purge(folder, student(ANNA.student_no))
    store = Workspace(folder).store
    (record,) = prints_of(store, "guyuan")
    assert [BOB.student_no] == [one.student_no for one in record.prints]
    assert [] == fsck(store)
    assert (None, 1) == ((again := made(folder)).path, again.known)


def test_a_purged_centre_has_no_prints_and_its_records_name_nobody(folder: Path) -> None:
    made(folder)
    purge(folder, Scope(centre="guyuan"))
    assert [()] == [one.prints for one in prints_of(Workspace(folder).store, "guyuan")]
    refused = program("prints", "guyuan", folder=folder)
    assert (2, 1) == (refused.returncode, len(refused.stderr.splitlines()))
    assert "销毁" in refused.stderr


def test_a_damaged_original_is_named_and_leaves_nothing(folder: Path) -> None:
    place = Workspace(folder)
    source = _source(place, BOB.student_no)
    path = folder / f"store/originals/{source[:2]}/{source}"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])
    done = program("prints", "guyuan", "--to", folder / "lab", folder=folder)
    assert 2 == done.returncode
    assert source in done.stderr
    assert [] == list((folder / "lab").iterdir())


# ---- The command


def test_what_this_release_has_not_read_is_refused_with_what_to_do(folder: Path) -> None:
    as_if_released(folder)
    done = program("prints", "guyuan", "--to", folder / "lab", folder=folder)

    assert (2, False) == (done.returncode, (folder / "lab").exists())
    assert f"请先运行 gradphoto nightly {GUYUAN}" in done.stderr


def test_the_command_says_what_it_made(folder: Path) -> None:
    done = program("prints", "guyuan", "--to", folder / "lab", "--json", folder=folder)
    assert 0 == done.returncode, done.stderr
    document = json.loads(done.stdout)
    assert {"students": [ANNA.student_no, BOB.student_no], "pages": 2, "known": 0, "left_out": []}.items() <= (
        document.items()
    )
    assert digest_file(Path(document["path"])) == document["sha256"]
    empty = json.loads(program("prints", "guyuan", "--json", folder=folder).stdout)
    assert (None, None, [], 2) == (empty["path"], empty["sha256"], empty["students"], empty["known"])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("copies = 8", ""), "copies"),
        (("width = 33.0", "width = -1.0"), "photo.width"),
        (("width = 33.0", "width = 160.0"), "放不下"),
        (("gap = 1.0", "gap = 1.0\nbleed = 2"), "bleed"),
        (("dpi = 300", "dpi = = 300"), "TOML"),
    ],
)
def test_a_wrong_size_is_refused_in_one_line(change: tuple[str, str], named: str, tmp_path: Path) -> None:
    text = Path("config/prints/33x48.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(PrintError, match=named) as refused:
        load_print_size("own.toml", tmp_path)
    assert 1 == len(str(refused.value).splitlines())


def test_a_size_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(PrintError, match=" ".join(SIZES)):
        load_print_size("2inch")


def test_the_shipped_sizes_name_themselves_and_their_sources() -> None:
    assert ["33x48", "35x45", "35x49", "35x53"] == SIZES
    assert SIZES == [load_print_size(size).id for size in SIZES]
    assert all(load_print_size(size).source for size in SIZES)
