"""What names a picture besides its slate: it bears out a slate or holds the picture back, and replaces none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.workspace import Workspace
from gradphoto.inputs.sidecar import is_sidecar, read_sidecar
from gradphoto.matching.bindings import bind
from gradphoto.matching.match import Match
from gradphoto.matching.season import distinct, match_season
from gradphoto.matching.sidecars import SidecarRow, Sidecars, about
from gradphoto.states import FileState
from tests.a_night import CAMPAIGN, SESSION, START, Night, number, register, word_of
from tests.purging import objects, purge, student
from tests.small_night import ANNA, BOB, GUYUAN, build, run, small
from tests.test_sheets import workbook

PLACE = (SESSION, f"inbox/{SESSION}", "capture-one.csv")
A, B = number("A"), number("B")


def row(file: str, code: str = "", student_no: str | None = None, path: str = PLACE[2], at: int = 2) -> SidecarRow:
    return SidecarRow((*PLACE[:2], path), at, file, code, student_no)


def matched(night: Night, *rows: SidecarRow) -> list[Match]:
    captures, duplicates = distinct(night.originals)
    sidecars = Sidecars(frozenset(one.place for one in rows), rows)
    return match_season(captures, night.readings, bind(register(), []), [], CAMPAIGN, duplicates, sidecars)


def told(script: str, *rows: SidecarRow) -> str:
    night = Night()
    night.roll(script)
    return " ".join(map(word_of, matched(night, *rows)))


# ---- Sidecars bear out, hold back, and never replace a slate


@pytest.mark.parametrize("said", [row("IMG_0002.JPG", "code-A"), row("IMG_0002.JPG", student_no=A)])
def test_a_row_that_names_the_slates_student_is_evidence(said: SidecarRow) -> None:
    night = Night()
    night.roll("A p")
    _, portrait = matched(night, said)
    assert (A, ()) == (portrait.student_no, portrait.troubles)
    assert ("sidecar", A, "capture-one.csv:2") in [(each.kind, each.says, each.ref) for each in portrait.evidence]


def test_a_row_that_names_another_student_holds_the_picture_and_says_whom() -> None:
    night = Night()
    night.roll("A p")
    _, portrait = matched(night, row("IMG_0002.JPG", "code-B"))
    (trouble,) = portrait.troubles
    assert (None, "sidecar-disagrees") == (portrait.student_no, trouble.code)
    assert f"采集码照：{A}；capture-one.csv:2：{B}" == trouble.detail
    assert frozenset({A, B}) == portrait.candidates


def test_after_such_a_row_a_slate_may_have_been_forgotten() -> None:
    assert "A A sidecar-disagrees sidecar-disagrees" == told("A p p p", row("IMG_0003.JPG", "code-B"))


def test_until_a_row_names_the_slates_student_again() -> None:
    rows = (row("IMG_0002.JPG", "code-B"), row("IMG_0003.JPG", "code-A", at=3))
    assert "A sidecar-disagrees A B B" == told("A p p B p", *rows)


@pytest.mark.parametrize(("script", "why"), [("p", "no-slate"), ("U p", "code-unknown"), ("? p", "after-break")])
def test_a_row_without_a_slate_names_a_candidate_and_delivers_nothing(script: str, why: str) -> None:
    night = Night()
    digest = night.roll(script)[-1]
    portrait = matched(night, row(f"IMG_{len(script.split()):04d}.JPG", "code-A"))[-1]
    assert (digest, None, why) == (portrait.sha256, portrait.student_no, portrait.troubles[0].code)
    assert frozenset({A}) == portrait.candidates


def test_a_row_whose_code_and_number_are_two_students_holds_either() -> None:
    assert "A sidecar-disagrees" == told("A p", row("IMG_0002.JPG", "code-A", B))


def test_a_barcode_may_be_the_student_number() -> None:
    assert "A sidecar-disagrees" == told("A p", row("IMG_0002.JPG", B))


def test_a_code_that_nobody_has_names_nobody() -> None:
    assert "A A" == told("A p", row("IMG_0002.JPG", "code-U"))


@given(st.lists(st.tuples(st.integers(1, 8), st.sampled_from("ABU")), max_size=6))
def test_no_row_gives_a_picture_to_somebody_whose_slate_was_not_shown(rows: list[tuple[int, str]]) -> None:
    script = "p A p p ? p B p"
    said = [row(f"IMG_{file:04d}.JPG", f"code-{code}", at=at) for at, (file, code) in enumerate(rows, 2)]
    for before, after in zip(told(script).split(), told(script, *said).split(), strict=True):
        assert after == before or {"sidecar-disagrees"} == set(after.split("+"))


# ---- Which file is meant


@pytest.mark.parametrize(
    "file", ["IMG_0001.JPG", "img_0001.jpg", "IMG_0001", "IMG_0001.CR3", r"C:\Session\card 1\IMG_0001.jpg"]
)
def test_a_file_is_meant_by_its_name_however_a_program_writes_it(file: str) -> None:
    night = Night()
    digest = night.add("card 1/IMG_0001.JPG")
    assert [digest] == list(about([row(file)], night.originals).files)


def test_of_two_cards_the_one_that_the_row_names_or_that_holds_the_sidecar_is_meant() -> None:
    night = Night()
    one, two = night.add("card 1/IMG_0001.JPG"), night.add("card 2/IMG_0001.JPG")
    by_folder = about([row("card 2/IMG_0001.JPG")], night.originals)
    beside = about([row("IMG_0001.JPG", path="card 1/capture.csv")], night.originals)
    assert ([two], [one]) == (list(by_folder.files), list(beside.files))


def test_a_row_that_may_mean_two_pictures_means_none_and_a_copy_is_no_second_one() -> None:
    night = Night()
    for folder in ("card 1", "card 2"):
        night.add(f"{folder}/IMG_0001.JPG")
        night.add(f"{folder}/IMG_0002.JPG", content="the same")
    found = about([row("IMG_0001.JPG"), row("IMG_0002.JPG"), row("IMG_0003.JPG")], night.originals)
    assert (["IMG_0001.JPG"], ["IMG_0003.JPG"]) == (
        [each.file for each in found.several],
        [each.file for each in found.missing],
    )
    assert 1 == len(found.files)


# ---- Numbers in names


@pytest.mark.parametrize("prefix", [f"{A}_", f"张三{A}-", f"IMG_2_{A} "])
def test_a_number_of_the_register_in_the_name_is_evidence(prefix: str) -> None:
    night = Night()
    night.roll("A")
    night.roll("p", prefix=prefix, at=START.replace(minute=1))
    portrait = next(match for match in matched(night) if A in match.classified.frame.original.path)
    assert A == portrait.student_no
    assert ("name", A) in [(each.kind, each.says) for each in portrait.evidence]


def test_a_number_of_another_student_in_the_name_holds_the_picture() -> None:
    night = Night()
    night.roll("A")
    night.roll("p", prefix=f"{B}_", at=START.replace(minute=1))
    assert ["name-disagrees"] == [trouble.code for match in matched(night) for trouble in match.troubles]


@pytest.mark.parametrize("prefix", [f"1{B}_", f"x{B}_", "2164099999999_"])
def test_digits_that_are_no_number_of_the_register_say_nothing(prefix: str) -> None:
    night = Night()
    night.roll("A")
    night.roll("p", prefix=prefix, at=START.replace(minute=1))
    assert [()] * 2 == [match.troubles for match in matched(night)]


def test_a_name_without_a_slate_delivers_nothing() -> None:
    night = Night()
    night.roll("p", prefix=f"{A}_")
    (portrait,) = matched(night)
    assert (None, frozenset({A})) == (portrait.student_no, portrait.candidates)


# ---- The table itself


@pytest.mark.parametrize(
    "header", ["Filename,Barcode", "文件,采集码", "文件名,学号,备注", "image;student_no", "FILE\tcapture_code"]
)
def test_a_sidecar_is_known_by_its_columns(header: str) -> None:
    assert is_sidecar(f"{header}\nIMG_1.JPG\n".encode())


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", "文件,备注\na,b\n".encode(), b"PK\x03\x04", "学号,姓名\n1,2\n".encode()]
)
def test_another_table_is_none(data: bytes) -> None:
    assert not is_sidecar(data)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_are_read_and_bad_ones_held_by_row_and_column(coding: str) -> None:
    lines = ["文件名,采集码,学号", "IMG_1.JPG,code-A,", ",code-B,", "IMG_2.JPG,1.2E+17,"]
    lines += ["IMG_3.JPG,,2.16401E+12", "IMG_4.JPG,,", f"IMG_5.JPG,,{A}"]
    rows, held = read_sidecar("\n".join(lines).encode(coding), PLACE)
    assert [("IMG_1.JPG", "code-A", None, 2), ("IMG_5.JPG", "", A, 7)] == [
        (each.file, each.code, each.student_no, each.number) for each in rows
    ]
    assert [(3, "文件名"), (4, "采集码"), (5, "学号")] == [(each.row, each.column) for each in held]


def test_a_sidecar_saved_as_a_workbook_is_read_too() -> None:
    rows, held = read_sidecar(workbook(["filename", "code"], ["IMG_1.JPG", "code-A"]), PLACE)
    assert (["code-A"], []) == ([each.code for each in rows], held)


def test_a_sidecar_with_a_column_twice_is_held_as_a_whole() -> None:
    data = "文件,filename,采集码\nA.JPG,B.JPG,code-A\n".encode()
    rows, held = read_sidecar(data, PLACE)
    assert (True, [], [0]) == (is_sidecar(data), rows, [each.row for each in held])


# ---- In a night


def write(folder: Path, *rows: str) -> Path:
    path = folder / "inbox" / GUYUAN / "tether.csv"
    path.write_text("\r\n".join(["filename,code,student_no", *rows]), encoding="gb18030")
    return path


def states(place: Workspace, student_no: str) -> set[FileState]:
    of = {match.sha256 for match in place.season.matches if student_no in match.candidates}
    return {one.state for one in place.ledger.entries if one.original.sha256 in of} - {FileState.SLATE}


def test_a_night_with_a_sidecar_that_is_wrong_and_then_grows_right(tmp_path: Path) -> None:
    build(tmp_path, small())
    portraits = _portraits(tmp_path, ANNA.student_no)
    write(tmp_path, *(f"{name},,{BOB.student_no}" for name in portraits), "IMG_9999.JPG,code,", "x.JPG,,12 3")
    run(tmp_path)
    place = Workspace(tmp_path)
    (entry,) = [one for one in place.ledger.entries if one.original.path == "tether.csv"]
    assert FileState.COMPANION == entry.state
    assert {FileState.PENDING} == states(place, ANNA.student_no)
    assert ["tether.csv 第5行「学号」", "tether.csv 第4行"] == [
        text.partition("：")[0] for text in (each.text for each in place.season.held) if "tether" in text
    ][:2]

    write(tmp_path, *(f"{name},,{ANNA.student_no}" for name in portraits), "and one more line,,")
    run(tmp_path)
    after = Workspace(tmp_path)
    assert FileState.DELIVERED in states(after, ANNA.student_no)
    assert [] == [each.text for each in after.season.held if "tether" in each.file]
    assert {FileState.COMPANION} == {
        one.state for one in after.ledger.entries if one.original.path == "tether.csv"
    }


def test_a_purge_takes_a_students_rows_out_of_the_sidecar(tmp_path: Path) -> None:
    build(tmp_path, small())
    names = {one.student_no: _portraits(tmp_path, one.student_no)[0] for one in (ANNA, BOB)}
    write(tmp_path, *(f"{name},,{student_no}" for student_no, name in names.items()))
    run(tmp_path)
    purge(tmp_path, student(ANNA.student_no))
    after = Workspace(tmp_path)
    assert [BOB.student_no] == [each.student_no for each in after.season.sidecars.rows]
    kept = (data for key, data in objects(tmp_path).items() if key.startswith("originals/"))
    assert not any(ANNA.student_no.encode() in data for data in kept)


def _portraits(folder: Path, student_no: str) -> list[str]:
    """The names of a student's portraits, found by a night without any sidecar."""
    run(folder)
    season = Workspace(folder).season
    return [
        match.classified.frame.original.name
        for match in season.matches
        if match.student_no == student_no and match.sha256 in season.candidates
    ]
