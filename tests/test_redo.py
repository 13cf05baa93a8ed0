"""`verify --originals`: each portrait of a bundle made again from its original, and what differs named."""

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cli.workspace import Workspace
from config.bad_input import BadInput
from gradphoto.adapters.tables import csv_bytes, csv_rows
from gradphoto.adapters.unpack import unpack
from gradphoto.stages.named_store import open_named
from gradphoto.stages.redo import redo_faults
from tests.small_night import build, bundles, program, run, small


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("redo")
    build(folder, small())
    run(folder)
    return folder


@pytest.fixture
def bag(night: Path, tmp_path: Path) -> Path:
    """The unpacked bundle of a centre with two portraits."""
    path = tmp_path / "guyuan-v0001.zip"
    path.write_bytes(bundles(night)[path.name])
    assert [] == unpack(path, tmp_path)
    return tmp_path / "guyuan-v0001"


def edited(bag: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """The first row of photos.csv with other cells."""
    table = bag / "data" / "photos.csv"
    header, first, *rest = csv_rows(table.read_bytes())
    row = dict(zip(header, first, strict=True))
    table.write_bytes(csv_bytes([header, list((row | change(row)).values()), *rest]))


def faults(night: Path, bag: Path) -> list[str]:
    return redo_faults(Workspace(night).store, bag)


def test_a_bundle_comes_out_of_its_originals_again(night: Path, bag: Path) -> None:
    assert [] == faults(night, bag)
    assert [] == redo_faults(open_named(str(night), Path()), bag.with_suffix(".zip"), workers=2)


def test_a_portrait_that_was_retouched_is_named_with_how_much(night: Path, bag: Path) -> None:
    path = sorted((bag / "data" / "photos").iterdir())[0]
    image = Image.open(BytesIO(path.read_bytes()))
    image.point([min(255, level + 9) for level in range(256)] * 3).save(path, "JPEG", quality=90)
    (fault,) = faults(night, bag)
    assert f"照片 {path.name} 与由原片重做的不同：平均相差" in fault


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"left": "300.0"}, "与由原片重做的不同"),
        ({"recipe": "p1"}, "由配方 p1 制作"),
        ({"spec": "chsi-1999"}, "规格 chsi-1999 不在存储中"),
        ({"source_sha256": "0" * 64}, "原片 000000000000 不在存储中"),
    ],
)
def test_what_cannot_be_had_or_is_not_so_is_one_line(
    night: Path, bag: Path, cells: dict[str, str], words: str
) -> None:
    edited(bag, lambda _: cells)
    (fault,) = faults(night, bag)
    assert words in fault
    assert fault.startswith("data/photos.csv 第2行：照片 ")


def test_a_damaged_original_is_one_line(night: Path, bag: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(night / "store", copy)
    _, first, *_ = csv_rows((bag / "data" / "photos.csv").read_bytes())
    original = next(copy.glob(f"originals/*/{first[4]}"))
    original.chmod(0o600)
    original.write_bytes(original.read_bytes()[:-9])
    (fault,) = redo_faults(open_named(str(copy), Path()), bag)
    assert "已损坏，请从备份恢复" in fault


def test_the_command_says_a_line_a_fault_and_ends_with_one(night: Path, bag: Path) -> None:
    good = program("verify", bag, "--originals", night)
    assert (0, "") == (good.returncode, good.stderr)
    nothing = program("verify", bag, "--originals", bag)
    assert (2, 1) == (nothing.returncode, len(nothing.stderr.splitlines()))


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="既不是工作区，也不是存储"):
        open_named(str(tmp_path), Path())
