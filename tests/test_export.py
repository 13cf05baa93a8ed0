"""Exports and returns: whose picture goes out under which name, on record, and what becomes of one sent back."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from cli.main import app
from cli.workspace import Workspace
from config.bad_input import BadInput
from config.export_profile import ExportError, load_export_profile, shipped_profiles
from gradphoto.adapters.store import digest_file
from gradphoto.adapters.tables import csv_bytes, csv_rows
from gradphoto.decision import Act
from gradphoto.exports import Exported, exports, note_export
from gradphoto.inputs.returns import read_returns
from gradphoto.packed import newest
from gradphoto.rejection import RETURNED, rule_of
from gradphoto.roster import Student
from gradphoto.stages.decide import take_decision
from gradphoto.stages.export import Made, Order, export
from gradphoto.stages.fsck import fsck
from gradphoto.stages.inputs import InputTrouble
from gradphoto.stages.pack import pack
from gradphoto.stages.recall import recalling
from gradphoto.stages.recall_where import where
from gradphoto.stages.returns import Outcome, sort_returns, take_returns
from gradphoto.stages.snapshot import newest_snapshot, take_snapshot
from gradphoto.states import StudentState
from tests.export_world import CAMPAIGN, EVERYBODY, id_no, packed_night, registry_row, write_roster
from tests.purging import listing, purge, student
from tests.small_night import ANNA, BOB, CARL, DORA, EMIL, run

AT = "2023-07-20T09:00:00+08:00"
DELIVERED = [ANNA, BOB, DORA, EMIL]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed_night(tmp_path_factory.mktemp("export"))


@pytest.fixture
def folder(night: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(night, tmp_path / "night"))


def exported(folder: Path, profile: str = "chsi-upload", *centres: str, at: str = AT) -> Made:
    place = Workspace(folder)
    wanted = load_export_profile(profile, folder)
    bundles = {one: packed for one, packed in place.bundles.items() if not centres or one in centres}
    name = wanted.id if wanted.form == "folder" else f"{wanted.id}.zip"
    return export(place.store, place.season, Order(wanted, bundles, folder.parent / "out", name, at))


def decided(folder: Path, act: Act, **what: object) -> int:
    place = Workspace(folder)
    return take_decision(place.store, "操作员", AT, act=act, **what)


def portrait(folder: Path, of: Student, centre: str = "guyuan") -> str:
    """The original of somebody's portrait in the newest bundle."""
    packed = newest(Workspace(folder).store, centre)
    assert packed
    return next(one.source_sha256 for one in packed.deliveries if one.student_no == of.student_no)


def repacked(folder: Path, centre: str = "guyuan") -> dict[str, list[list[str]]]:
    """The tables of the centre's next bundle."""
    place = Workspace(folder)
    pack(place.store, newest_snapshot(place.store), centre)
    packed = newest(place.store, centre)
    assert packed
    with ZipFile(folder / "store" / packed.path) as archive:
        top = f"{centre}-v{packed.version:04d}/data"
        names = ("photos", "missing", "changes")
        return {name: csv_rows(archive.read(f"{top}/{name}.csv"))[1:] for name in names}


def returned(folder: Path, *rows: tuple[str, ...], head: tuple[str, ...] = ("XH", "退回原因")) -> list[Outcome]:
    """What importing such a list came to; nothing is held."""
    place = Workspace(folder)
    read, held = read_returns(csv_bytes([head, *rows]), "退回.csv")
    found = sort_returns(place.store, place.season, "退回.csv", read)
    assert [] == [*held, *found.held]
    return take_returns(place.store, place.season, "操作员", AT, found)


def held(folder: Path, *rows: tuple[str, ...], head: tuple[str, ...] = ("XH", "退回原因")) -> list[str]:
    place = Workspace(folder)
    read, unread = read_returns(csv_bytes([head, *rows]), "退回.csv")
    found = sort_returns(place.store, place.season, "退回.csv", read)
    assert {} == found.due
    return [one.text for one in (*unread, *found.held)]


def command(folder: Path, capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, Any]:
    """A command's exit code and document."""
    capsys.readouterr()
    code = app([*map(str, words), "--json", "--workspace", str(folder)], standalone_mode=False) or 0
    return code, json.loads(capsys.readouterr().out)


def recalled(folder: Path, of: Student) -> int:
    place = Workspace(folder)
    return take_decision(
        place.store, "操作员", AT, **recalling(place.store, place.season, of.student_no, "错人").what
    )


# ---- Profiles


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_shipped_profile_loads_and_is_called_as_its_file(name: str) -> None:
    assert name == load_export_profile(name).id


OWN = """
id = "own"
source = "x"
[photos]
name = "{centre_name}/{name}_{student_no}.jpg"
ascii = false
[[lists]]
files = ["名单.csv"]
columns = [{ title = "学号", field = "student_no" }]
"""


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('field = "student_no"', 'field = "number"', "lists.0.columns.0.field：没有字段 'number'"),
        ("{name}_", "{phone}_", "photos：照片文件名模板"),
        ("_{student_no}", "", "photos：'{centre_name}/{name}.jpg' 应含一个 {student_no}"),
        ("{centre_name}/", "../", "photos：'../{name}_{student_no}.jpg' 的文件夹写法不对"),
        ("ascii = false", "ascii = 0", "photos.ascii：应为 true 或 false"),
        ('"名单.csv"', '"名单.doc"', "lists.0.files.0：'名单.doc' 应是一个文件名"),
        ('["名单.csv"]', '["a.csv", "A.csv"]', "lists 中有两张表同名"),
        ('id = "own"', 'id = "Own!"', "id：写法不对"),
        ('source = "x"', "", "source：缺少此项"),
        ('source = "x"', 'source = "x"\nformat = "zip"', "format：不认识的项"),
        ("name = ", "name : ", "不是有效的TOML"),
    ],
)
def test_a_wrong_profile_is_refused_by_its_key(tmp_path: Path, old: str, new: str, named: str) -> None:
    (tmp_path / "own.toml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(ExportError, match=r"^导出方式 'own.toml'：") as refused:
        load_export_profile("own.toml", tmp_path)
    assert named in str(refused.value)
    assert 1 == len(str(refused.value).splitlines())


def test_a_profile_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(ExportError, match="by-id-no by-student-no chsi-upload"):
        load_export_profile("chsi")


# ---- What goes out


def test_the_upload_list_has_the_registers_columns_and_the_pictures_of_the_bundles(folder: Path) -> None:
    path = exported(folder).path
    assert path
    with ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    header, *rows = csv_rows(files["chsi-upload.csv"])

    assert "KSH XH XM XB CSRQ SFZH ZYDM ZYMC CC RXRQ 学习中心 采集码 照片文件" == " ".join(header)
    assert sorted(one.student_no for one in DELIVERED) == [row[1] for row in rows]
    assert [id_no(one) for one in sorted(DELIVERED, key=lambda one: one.student_no)] == [row[5] for row in rows]
    assert all(row[11].startswith("DEMO-") and row[12] == f"{row[1]}.jpg" for row in rows)
    assert files.keys() == {"chsi-upload.xlsx", "chsi-upload.csv", *(row[12] for row in rows)}
    assert _packed(folder) == {name: data for name, data in files.items() if name.endswith(".jpg")}


def _packed(folder: Path) -> Mapping[str, bytes]:
    """Every portrait of the bundles by its name."""
    found = {}
    for packed in Workspace(folder).bundles.values():
        with ZipFile(folder / "store" / packed.path) as archive:
            photos = [name for name in archive.namelist() if name.endswith(".jpg")]
            found.update({name.rpartition("/")[2]: archive.read(name) for name in photos})
    return found


@pytest.mark.parametrize("profile", ["chsi-upload", "by-student-no"])
def test_the_same_pictures_are_the_same_file_and_each_time_on_record(folder: Path, profile: str) -> None:
    first, second = exported(folder, profile), exported(folder, profile, at="2023-08-01")
    assert (first.path, len(DELIVERED)) == (second.path, len(first.exported.photos if first.exported else ()))
    assert [1, 2] == list(exports(Workspace(folder).store))
    assert first.exported is not None
    assert second.exported is not None
    assert first.exported.sha256 == second.exported.sha256
    assert [] == fsck(Workspace(folder).store)


def test_nothing_that_stands_there_is_written_over(folder: Path) -> None:
    one = exported(folder, "by-student-no", "guyuan").path
    two = exported(folder, "by-student-no", "longde").path
    assert ["by-student-no", "by-student-no-2"] == [path.name for path in (one, two) if path]
    assert {f"{DORA.student_no}.jpg", f"{EMIL.student_no}.jpg", "list.csv"} == {
        each.name for each in two.iterdir()
    }  # type: ignore[union-attr]


def test_a_new_profile_with_folders_and_chinese_names_needs_no_code(folder: Path) -> None:
    (folder / "own.toml").write_text(OWN, encoding="utf-8")
    path = exported(folder, "own.toml").path
    assert path
    with ZipFile(path) as archive:
        assert f"固原学院/{ANNA.name}_{ANNA.student_no}.jpg" in archive.namelist()


def test_who_lacks_what_the_list_asks_keeps_the_export_back_before_anything_is_written(folder: Path) -> None:
    rows = [registry_row(one, **({"SFZH": ""} if one in (BOB, DORA) else {})) for one in EVERYBODY]
    write_roster(folder, rows)
    place = Workspace(folder)
    take_snapshot(place.store, place.folder, place.settings)
    for profile, named in (("chsi-upload", "SFZH"), ("by-id-no", "{id_no}")):
        with pytest.raises(ExportError) as refused:
            exported(folder, profile)
        assert all(one.student_no in str(refused.value) for one in (BOB, DORA))
        assert ANNA.student_no not in str(refused.value)
        assert named in str(refused.value)
    assert [] == list((folder.parent / "out").glob("*"))
    assert {} == exports(place.store)


def test_what_a_person_said_since_is_not_exported_and_is_named(folder: Path) -> None:
    decided(folder, Act.REJECT, capture=portrait(folder, ANNA), reason="闭眼")
    made = exported(folder)
    assert [(ANNA.student_no, "审核不通过，须重拍")] == [tuple(one) for one in made.left_out]
    assert made.exported
    assert {BOB.student_no, DORA.student_no, EMIL.student_no} == {one.student_no for one in made.exported.photos}


def test_a_version_with_a_recalled_picture_is_not_exported_and_the_recall_lists_who_got_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(folder, "chsi-upload")
    number = recalled(folder, ANNA)
    to = folder.parent / "all"
    with pytest.raises(BadInput, match="guyuan 第 1 版照片包含已召回的照片，不能导出"):
        command(folder, capsys, "export", "--profile", "chsi-upload", "--centre", "guyuan", "--to", to)
    code, said = command(folder, capsys, "export", "--profile", "chsi-upload", "--to", to)
    assert (0, 2, ["guyuan"]) == (code, said["photos"], said["blocked"])

    place = Workspace(folder)
    decision = next(one for one in place.season.decisions if one.number == number)
    gone = {row.student_no: row.exports for row in where(place.store, place.season, decision) if row.versions}
    assert [(1, "chsi-upload", "chsi-upload.zip", AT)] == [
        tuple(one.model_dump().values()) for one in gone[ANNA.student_no]
    ]


def test_a_purge_takes_them_off_the_record_and_names_the_export_that_it_cannot_reach(folder: Path) -> None:
    exported(folder)
    told = [one for one in listing(folder, student(ANNA.student_no)).beyond if "导出" in one.total]
    assert [True] == [one.places[0].startswith("chsi-upload.zip（chsi-upload）sha256 ") for one in told]
    purge(folder, student(ANNA.student_no))
    place = Workspace(folder)
    assert ANNA.student_no not in {one.student_no for one in exports(place.store)[1].photos}
    assert ANNA.student_no.encode() not in (folder / "store/exports/000001.jsonl").read_bytes()
    assert [] == fsck(place.store)


def test_fsck_names_an_export_of_a_bundle_that_is_not_there(folder: Path) -> None:
    made = exported(folder).exported
    assert made
    bundles = tuple(one.model_copy(update={"version": 7}) for one in made.bundles)
    store = Workspace(folder).store
    note_export(store, made.model_copy(update={"bundles": bundles}))
    assert any("guyuan-v0007.zip" in fault for fault in fsck(store))


def test_a_record_of_an_export_is_read_as_it_was_written(folder: Path) -> None:
    made = exported(folder).exported
    assert made
    assert made == Exported.from_lines(made.to_lines()) == exports(Workspace(folder).store)[1]


# ---- Bundles by another template


def _named(folder: Path, template: str) -> int:
    path = folder / "gradphoto.toml"
    path.write_text(path.read_text(encoding="utf-8") + f'\nphoto_name = "{template}"\n', encoding="utf-8")
    place = Workspace(folder)
    return take_snapshot(place.store, place.folder, place.settings)


def test_a_bundle_is_named_by_the_template_that_its_inputs_hold(folder: Path) -> None:
    snapshot = _named(folder, "{session}_{id_no}.jpg")
    store = Workspace(folder).store
    assert pack(store, snapshot, "guyuan").made
    photos = repacked(folder)["photos"]
    assert [f"2023-07-03-guyuan_{id_no(one)}.jpg" for one in (ANNA, BOB)] == [row[2] for row in photos]
    assert pack(store, 1, "guyuan").made is False, "older inputs never publish over newer ones"


def test_a_template_that_a_student_cannot_be_named_by_refuses_the_run_before_it_writes(folder: Path) -> None:
    write_roster(folder, [registry_row(one, **({"SFZH": ""} if one is CARL else {})) for one in EVERYBODY])
    before = newest_snapshot(Workspace(folder).store)
    with pytest.raises(InputTrouble, match=rf"^学号 {CARL.student_no}：.*身份证号 \{{id_no\}} 没有填写.*$"):
        _named(folder, "{id_no}")
    assert before == newest_snapshot(Workspace(folder).store)


# ---- What comes back


def test_a_returned_picture_leaves_the_bundle_and_no_other_goes_out_in_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(folder)
    (row,) = returned(folder, (ANNA.student_no, "眼镜反光"))
    assert ("returned", portrait(folder, ANNA)) == (row.outcome, row.sha256)

    tables = repacked(folder)
    assert [BOB.student_no] == [row[0] for row in tables["photos"]]
    assert [ANNA.student_no, ANNA.name, "rejected", "学信网退回：眼镜反光"] in tables["missing"]
    assert [[ANNA.student_no, "removed"]] == tables["changes"]
    assert StudentState.REJECTED is Workspace(folder).ledger.students[ANNA.student_no].state
    told = {one["student_no"]: one["why"] for one in command(folder, capsys, "retakes")[1]["retakes"]}
    assert "学信网退回：眼镜反光" == told[ANNA.student_no]


def test_a_person_may_choose_another_picture_of_the_student_or_take_the_return_back(folder: Path) -> None:
    exported(folder)
    first = portrait(folder, ANNA)
    (row,) = returned(folder, (ANNA.student_no, "眼镜反光"))
    other = next(each for each in Workspace(folder).season.decisions[-1].captures if each != first)

    chosen = decided(folder, Act.CHOOSE, capture=other)
    assert other == Workspace(folder).season.chosen[ANNA.student_no].match.sha256
    decided(folder, Act.UNDO, undone=chosen)
    decided(folder, Act.UNDO, undone=row.decision)
    assert first == Workspace(folder).season.chosen[ANNA.student_no].match.sha256


def test_the_same_list_again_changes_nothing_whatever_became_of_it_meanwhile(folder: Path) -> None:
    exported(folder)
    rows = [(ANNA.student_no, "眼镜"), (DORA.student_no, "模糊")]
    made = returned(folder, *rows)
    count = len(Workspace(folder).season.decisions)
    assert [("known", 0)] * 2 == [(one.outcome, one.decision) for one in returned(folder, *rows)]
    decided(folder, Act.UNDO, undone=made[0].decision)
    (again, _) = returned(folder, *rows)
    assert ("known", True) == (again.outcome, f"决定 {made[0].decision}" in again.says)
    assert count + 1 == len(Workspace(folder).season.decisions)


def test_a_picture_that_was_replaced_since_is_refused_and_its_successor_stays(folder: Path) -> None:
    exported(folder)
    first = portrait(folder, ANNA)
    matches = (one.match for one in Workspace(folder).season.candidates.values())
    (other,) = {one.sha256 for one in matches if ANNA.student_no in one.students} - {first}
    decided(folder, Act.CHOOSE, capture=other)
    run(folder)

    (row,) = returned(folder, (ANNA.student_no, "眼镜"))
    season = Workspace(folder).season
    assert ("replaced", first, ()) == (row.outcome, row.sha256, season.decisions[-1].captures)
    assert other == season.chosen[ANNA.student_no].match.sha256
    assert [ANNA.student_no, BOB.student_no] == [one[0] for one in repacked(folder)["photos"]]

    exported(folder)
    assert ["另一张照片" in line for line in held(folder, (ANNA.student_no, "眼镜"))] == [True]
    head = ("学号", "原因", "sha256")
    (named,) = returned(folder, (ANNA.student_no, "眼镜", other[:12]), head=head)
    assert ("returned", other) == (named.outcome, named.sha256)


def test_which_version_is_meant_may_be_written_down(folder: Path) -> None:
    first = portrait(folder, ANNA)
    head = ("学号", "原因", "版本")
    assert ["没有这样一张" in line for line in held(folder, (ANNA.student_no, "模糊", "2"), head=head)] == [True]
    (row,) = returned(folder, (ANNA.student_no, "模糊", "guyuan-v0001"), head=head)
    assert first == row.sha256


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (("", "模糊", ""), "第2行「学号」：不能为空"),
        (("2.16401E+12", "模糊", ""), "第2行「学号」：已变成科学记数法"),
        ((BOB.student_no, "", ""), "第2行「原因」：不能为空"),
        ((BOB.student_no, "长" * 201, ""), "第2行「原因」：超过 200 个字"),
        ((BOB.student_no, "模糊", "张三"), "第2行「姓名」：与名册中该学号的姓名不符"),
        (("2164001299999", "模糊", ""), "第2行「学号」：名册中没有这个学号"),
        ((CARL.student_no, "模糊", ""), "第2行「学号」：从未交付过该学生的照片"),
    ],
)
def test_a_row_that_is_not_understood_is_held_by_its_place_and_decides_nothing(
    night: Path, row: tuple[str, ...], named: str
) -> None:
    (line,) = held(night, row, head=("学号", "原因", "姓名"))
    assert line.startswith(f"退回.csv {named}")


def test_the_command_imports_what_it_can_and_says_what_it_held(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder.parent / "退回.csv"
    path.write_bytes(csv_bytes([("XH", "不合格原因"), (ANNA.student_no, "眼镜"), ("1", "模糊")]))
    code, said = command(folder, capsys, "returns", "import", path, "--dry-run")
    assert (1, [], "returned", 0) == (
        code,
        said["decisions"],
        said["rows"][0]["outcome"],
        said["rows"][0]["decision"],
    )
    code, said = command(folder, capsys, "returns", "import", path)
    assert (1, [1], [3]) == (code, said["decisions"], [one["row"] for one in said["held"]])
    with pytest.raises(BadInput, match="无法读取"):
        command(folder, capsys, "returns", "import", folder.parent / "nothing.csv")


def test_a_return_tells_the_notices_rule_like_any_rejection() -> None:
    asked = CAMPAIGN.requirements
    assert rule_of("眼镜", asked)
    assert rule_of("眼镜", asked) == rule_of(f"{RETURNED}眼镜；模糊", asked)


def test_the_digest_on_record_is_the_files(folder: Path) -> None:
    made = exported(folder)
    assert made.path is not None
    assert made.exported is not None
    assert made.exported.sha256 == digest_file(made.path)
