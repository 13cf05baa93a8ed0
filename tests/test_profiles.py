"""Profiles of one's own: said by what they differ in, kept whole, and used by a night without any code."""

import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cli.workspace import Workspace
from config.extends import merged, written
from config.spec import SPECS, SpecError, load_spec, parse_spec, read_spec, shipped_specs
from gradphoto.adapters.tables import csv_rows
from gradphoto.adapters.verify import verify
from gradphoto.stages.snapshot import load_inputs, newest_snapshot
from tests.small_night import build, bundles, program, run, small

BASE = load_spec("chsi-2017")
WORDS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    WORDS | st.integers(-(2**63), 2**63 - 1) | st.booleans()
    | st.floats(allow_nan=False) | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
DOCUMENTS = st.dictionaries(WORDS, VALUES, max_size=5)


def own(folder: Path, text: str, name: str = "own.toml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


@given(DOCUMENTS)
def test_a_document_that_is_written_reads_as_it_was(document: dict[str, Any]) -> None:
    assert document == tomllib.loads(written(document))
    assert list(document) == list(merged(document, {}))


@given(DOCUMENTS)
def test_a_document_merged_with_itself_or_with_nothing_is_itself(document: dict[str, Any]) -> None:
    assert document == merged(document, {}) == merged({}, document) == merged(document, document)


@pytest.mark.parametrize("name", shipped_specs())
def test_every_shipped_profile_can_be_used_and_says_where_its_figures_come_from(name: str) -> None:
    spec = load_spec(name)
    text = (SPECS / f"{name}.toml").read_text(encoding="utf-8")
    assert name == spec.id
    assert text.startswith("# ")
    assert list(BASE.checks) == list(spec.checks)


def test_the_shipped_profiles_are_those_that_issuers_ask_for() -> None:
    specs = [load_spec(name) for name in shipped_specs()]
    assert {(100, 197, 255), (0, 163, 230), (51, 143, 178), (255, 255, 255), (240, 240, 240)} == {
        spec.backdrop for spec in specs
    }
    windows = {(spec.bytes_min // 1024, spec.bytes_max // 1024) for spec in specs}
    assert {(30, 40), (20, 40), (30, 60), (0, 40)} == windows


def test_a_profile_that_extends_another_is_kept_whole(tmp_path: Path) -> None:
    own(tmp_path, 'id = "white"\nextends = "chsi-2017-white"\nbytes_max = 61440\n', "base.toml")
    name = own(tmp_path, 'id = "mine"\nextends = "base.toml"\ncrown = { low = 60 }\nchecks.glasses = []\n')
    spec = load_spec(name, tmp_path)
    assert ("mine", (255, 255, 255), 61440, 60, 110) == (
        spec.id, spec.backdrop, spec.bytes_max, spec.crown.low, spec.crown.high,
    )  # fmt: skip
    assert () == spec.checks["glasses"]
    kept = read_spec(name, tmp_path)[1]
    assert "extends" not in kept
    assert spec == parse_spec(kept, "kept")


def test_a_profile_without_extends_is_kept_as_it_was_written() -> None:
    assert (SPECS / "chsi-2017.toml").read_text(encoding="utf-8") == read_spec("chsi-2017")[1]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('extends = "chsi-2017"', "id：缺少此项"),
        ('id = "a"\nextends = "chsi-2017"\nbreadth = 1', "breadth：不认识的项"),
        ('id = "a"\nextends = "chsi-2017"\nbytes_min = 50000', "bytes_min 50000 不小于 bytes_max 40960"),
        ('id = "a"\nextends = "chsi-2017"\ncrown = { low = 200 }', "crown：low 200 大于 high 110"),
        ('id = "a"\nextends = "chsi-1999"', "chsi-1999：无法读取"),
        ('id = "a"\nextends = "own.toml"', "互相引用"),
        ('id = "a"\nextends = 7', "extends：应为加引号的名称"),
        ('id = "a"\nextends = = 7', "不是有效的TOML"),
    ],
)
def test_a_wrong_profile_is_refused_with_the_key_and_why(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SpecError) as refused:
        load_spec(own(tmp_path, text), tmp_path)
    assert named in str(refused.value)
    assert 1 == len(str(refused.value).splitlines())


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small night with a profile that nobody has heard of."""
    folder = tmp_path_factory.mktemp("own")
    build(folder, small())
    own(folder, 'id = "office-2024"\nextends = "chsi-2017-30-60kb"\nwidth = 360\nheight = 480\ndpi = 350\n'
        'bytes_min = 10240\nbytes_max = 30720\n'
        'crown = { low = 38, high = 82 }\neye = { low = 150, high = 225 }\nface = { low = 135, high = 225 }\n'
        'aim = { crown = 60, eye = 188, face = 180 }\nchecks.glasses = []\n')  # fmt: skip
    settings = folder / "gradphoto.toml"
    text = settings.read_text(encoding="utf-8").replace('spec = "chsi-2017"', 'spec = "own.toml"')
    settings.write_text(text, encoding="utf-8")
    run(folder)
    return folder


def photos(bundle: bytes) -> tuple[list[dict[str, str]], dict[str, bytes]]:
    """The rows of photos.csv, and the portraits by file name."""
    archive = ZipFile(BytesIO(bundle))
    files = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    header, *rows = csv_rows(files["photos.csv"])
    return [dict(zip(header, row, strict=True)) for row in rows], files


def test_a_night_goes_by_a_profile_of_ones_own(night: Path) -> None:
    rows, files = photos(bundles(night)["guyuan-v0001.zip"])
    assert rows
    for row in rows:
        image = Image.open(BytesIO(files[row["file"]]))
        assert ((360, 480), (350, 350), "office-2024") == (image.size, image.info["dpi"], row["spec"])
        assert 10240 <= len(files[row["file"]]) <= 30720


def test_the_run_keeps_the_whole_profile_so_that_it_can_be_explained(night: Path) -> None:
    store = Workspace(night).store
    own(night, "spoiled since", "own.toml")
    assert 360 == load_inputs(store, newest_snapshot(store)).spec.width


def test_every_portrait_comes_out_of_its_original_again(night: Path, tmp_path: Path) -> None:
    path = tmp_path / "guyuan-v0001.zip"
    path.write_bytes(bundles(night)["guyuan-v0001.zip"])
    assert [] == verify(path)
    done = program("verify", path, "--originals", night / "store")
    assert (0, "") == (done.returncode, done.stderr)
