"""The bytes of a bundle from recorded readings: they change only when somebody means it, with a new recipe."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path

from cli.workspace import Workspace
from config.workspace import FOLDERS, workspace_files
from gradphoto.reading import Reading
from gradphoto.stages.ingest import ingest
from gradphoto.stages.journals import readings_journal
from gradphoto.stages.pack import pack
from gradphoto.stages.render import render_shard
from gradphoto.stages.seasons import load_season
from gradphoto.stages.snapshot import take_snapshot

SESSION = "2023-07-02-yanchi"
READINGS = Path(__file__).parent / "golden" / "readings.json"
BUNDLE = Path(__file__).parent / "golden" / "yanchi-v0001.sha256"
ROSTER = (
    "学号,姓名,学习中心,采集码\r\n"
    "2164001250001,甲·示例,盐池学院,CODE-1\r\n"
    "2164001250002,NULL,盐池学院,CODE-2\r\n"
    "2164001250003,丙𬭎,盐池学院,CODE-3\r\n"
)
PICTURES = {"1-slate.jpg": None, "2.jpg": "sitter-03.jpg", "3-slate.jpg": None, "4.jpg": "sitter-30-long-hair.jpg"}


def bundle(folder: Path) -> bytes:
    """The bundle of two sitters whose readings were recorded."""
    for name in FOLDERS:
        (folder / name).mkdir()
    for name, text in workspace_files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    (folder / "rosters" / "r.csv").write_text(ROSTER, encoding="utf-8", newline="")
    inbox = folder / "inbox" / SESSION
    inbox.mkdir()
    for name, sitter in PICTURES.items():
        frames = files("gradphoto") / "demo" / "frames"
        (inbox / name).write_bytes((frames / sitter).read_bytes() if sitter else name.encode())
    place = Workspace(folder)
    taken = ingest(place.store, SESSION, inbox, f"inbox/{SESSION}")
    recorded = json.loads(READINGS.read_text(encoding="utf-8"))
    lines = [{**recorded[one.path], "sha256": one.sha256} for one in taken.added]
    readings_journal(place.store).append(lines)
    snapshot = take_snapshot(place.store, place.folder, place.settings)
    season = load_season(place.store, snapshot)
    render_shard(place.store, snapshot, [one.match.sha256 for one in season.chosen.values()], 1)
    packed = pack(place.store, snapshot, "yanchi").packed
    assert packed is not None
    return place.store.read(packed.path)


def test_the_bytes_of_a_bundle_are_the_golden_ones(tmp_path: Path) -> None:
    assert BUNDLE.read_text(encoding="ascii").strip() == hashlib.sha256(bundle(tmp_path)).hexdigest()


def test_the_recorded_readings_are_those_of_a_session_that_can_be_read() -> None:
    recorded = json.loads(READINGS.read_text(encoding="utf-8"))
    assert set(PICTURES) == set(recorded)
    assert all(Reading.model_validate({**reading, "sha256": "0" * 64}) for reading in recorded.values())
