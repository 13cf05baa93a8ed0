"""Whose picture it is: the nights that go as planned, and each way in which they do not."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from config.campaign import Rules
from gradphoto.matching.bindings import DeskRow
from tests.a_night import CAMPAIGN, SESSION, START, Night, number, scanned, seen, told, word_of

UNTIMED: dict[str, Any] = {"at": None, "camera": None, "serial": None}
UNNUMBERED: dict[str, Any] = {"serial": None}


def strict(**rules: float) -> Rules:
    return CAMPAIGN.rules.model_copy(update=rules)


# ---- A slate opens a student


@pytest.mark.parametrize("camera", [{}, UNNUMBERED, UNTIMED, {"camera": None, "serial": None}], ids=str)
def test_the_portraits_after_a_slate_are_that_students_until_the_next(camera: dict[str, Any]) -> None:
    assert "A A A B B B C C" == told("A p p B p p C p", **camera)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("p p A p p B p", "no-slate no-slate A A A B B"),
        ("A p ? p p B p", "A A slate-unreadable after-break after-break B B"),
        ("A p x p B p", "A A truncated after-break B B"),
        ("A p - p B p", "A A unclassified after-break B B"),
        ("A p n p B p", "A A not-read after-break B B"),
        ("A p B+C p p D p", "A A two-codes after-break after-break D D"),
        ("A p U p p B p", "A A . code-unknown code-unknown B B"),
    ],
    ids=["head", "unreadable", "broken", "blank", "unread", "two codes", "unknown code"],
)
def test_what_is_neither_slate_nor_portrait_opens_nobody(script: str, expected: str) -> None:
    assert expected == told(script)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("A A p p B p p", "A A A A B B B"),
        ("A p p B p p A p", "A A A B B B A A"),
        ("A p p B C p p", "A A A B C C C"),
    ],
    ids=["a slate twice in a row", "a retake", "a student who left"],
)
def test_every_slate_opens_its_own_student_again(script: str, expected: str) -> None:
    assert expected == told(script)


def test_a_slate_with_a_face_in_it_is_a_slate() -> None:
    night = Night()
    slate, _ = night.roll("A p")
    night.readings[slate] = night.readings[slate].model_copy(update=seen("p"))
    assert ["A", "A"] == list(night.told().values())


def test_a_code_beside_one_that_cannot_be_read_is_two_codes() -> None:
    night = Night()
    night.add("card/1.JPG", codes=(*seen("A")["codes"], *seen("?")["codes"]))
    assert {"card/1.JPG": "two-codes"} == night.told()


# ---- Codes resolve through the roster or a desk row


def test_a_desk_row_binds_a_code_whenever_it_was_written() -> None:
    rows = scanned("X=A Y=B", at=START + timedelta(days=1, hours=7))
    night = Night()
    night.roll("X p p Y p p")
    assert "A A A B B B" == night.words(rows, capture_code="")


def test_one_code_bound_to_two_students_is_neither_ones() -> None:
    rows = scanned("A=B")
    night = Night()
    night.roll("A p p B p p C p")
    codes = "code-two-students"
    assert [".", codes, codes, ".", "student-two-codes", "student-two-codes", "C", "C"] == list(
        night.told(rows).values()
    )


def test_a_student_with_two_codes_is_held_under_both() -> None:
    night = Night()
    night.roll("A p X p")
    assert [".", "student-two-codes", ".", "student-two-codes"] == list(night.told(scanned("X=A")).values())


def test_a_code_of_somebody_outside_the_register_is_held() -> None:
    rows = [DeskRow(SESSION, "scanlog.csv:2", START, "code-X", "9999999999999")]
    assert ". student-unknown" == told("X p", rows)


def test_who_may_be_meant_is_named_to_the_person_who_looks() -> None:
    night = Night()
    night.roll("A p x p B+C p")
    assert [
        {number("A")}, {number("A")}, {number("A")}, {number("A")},
        {number("A"), number("B"), number("C")}, {number("A"), number("B"), number("C")},
    ] == [set(match.candidates) for match in night.matches()]  # fmt: skip


def test_the_evidence_names_slate_desk_and_window() -> None:
    night = Night()
    night.roll("A p")
    rows = scanned("A=A")
    (portrait,) = (match for match in night.matches(rows) if match.classified.code is None)
    assert [
        ("slate", number("A"), "card/IMG_0001.JPG"),
        ("desk", number("A"), "scanlog.csv:2"),
        ("window", number("A"), "10:00—11:30"),
    ] == [(each.kind, each.says, each.ref) for each in portrait.evidence]


# ---- On that camera and in order


def test_two_bodies_in_one_folder_are_told_apart_by_their_numbers() -> None:
    night = Night()
    night.roll("A p p C p p", first=100, serial="1")
    night.roll("B p p D p p", first=500, serial="2", at=START + timedelta(seconds=4))
    assert "A A A C C C B B B D D D" == night.words()


def test_two_bodies_of_one_model_without_numbers_are_told_apart_by_their_counters() -> None:
    night = Night()
    night.roll("A p p C p p", first=100, serial=None)
    night.roll("B p p D p p", first=500, serial=None, at=START + timedelta(seconds=4))
    assert "A A A C C C B B B D D D" == night.words()


def test_a_number_of_nothing_but_zeros_is_none() -> None:
    night = Night()
    night.roll("A p p C p p", folder="left", serial="0000000000")
    night.roll("B p p D p p", folder="right", serial="0000000000", at=START + timedelta(seconds=4))
    assert "A A A C C C B B B D D D" == night.words()


def test_a_clock_set_back_during_the_session_mixes_up_nobody() -> None:
    night = Night()
    night.roll("A p p B p p")
    night.roll("C p p D p p", first=7, at=START + timedelta(seconds=5))
    assert "A A A B B B C C C D D D" == night.words()


def test_the_time_goes_before_the_name() -> None:
    night = Night()
    for name, word, seconds in [("5", "A", 0), ("4", "p", 9), ("3", "B", 20), ("2", "p", 29), ("1", "C", 40)]:
        taken = (START + timedelta(seconds=seconds)).isoformat()
        night.add(f"card/{name}.JPG", taken=taken, serial="1", camera="Canon", **seen(word))
    assert "C B B A A" == night.words()


def test_names_are_counted_as_a_person_counts() -> None:
    night = Night()
    for count, word in enumerate(["A", "p", "B", "p", "C", "p"], 7):
        night.add(f"card/IMG_{count}.JPG", **seen(word))
    assert {7: "A", 8: "A", 9: "B", 10: "B", 11: "C", 12: "C"} == {
        int(path[9:-4]): word for path, word in night.told().items()
    }


def test_a_part_of_a_second_counts() -> None:
    night = Night()
    for name, word, part in [("1", "p", "500000"), ("2", "A", "400000")]:
        night.add(f"card/{name}.JPG", taken=f"2023-07-02T10:00:00.{part}", serial="1", **seen(word))
    assert "A A" == night.words()


@pytest.mark.parametrize("camera", [{}, UNNUMBERED, UNTIMED], ids=["body", "no number", "no time"])
@pytest.mark.parametrize("step", [10, 0], ids=["a time each", "all in one second"])
def test_the_counter_starts_again_after_9999(camera: dict[str, Any], step: float) -> None:
    assert "A A A B B B C C C" == told("A p p B p p C p p", first=9996, step=step, **camera)


@pytest.mark.parametrize("camera", [{}, UNNUMBERED, UNTIMED], ids=["body", "no number", "no time"])
def test_the_cameras_next_folder_goes_on_where_the_last_one_stopped(camera: dict[str, Any]) -> None:
    night = Night()
    night.roll("A p p B p", folder="DCIM/100CANON", first=9995, **camera)
    later = camera if "at" in camera else camera | {"at": START + timedelta(seconds=50)}
    night.roll("p C p p", folder="DCIM/101CANON", first=1, **later)
    assert "A A A B B B C C C" == night.words()


def test_two_cards_without_numbers_are_two_cameras() -> None:
    night = Night()
    night.roll("A p B p", folder="card 1", **UNTIMED)
    night.roll("p C p", folder="card 2", **UNTIMED)
    assert "A A B B no-slate C C" == night.words()


def test_a_file_that_lost_its_time_breaks_the_run_in_which_it_stood() -> None:
    night = Night()
    night.roll("A p p p B p", at=START)
    night.add("card/IMG_0003.JPG", trouble="corrupt", content="broken")
    night.originals = [one for one in night.originals if one.sha256 != night.originals[2].sha256]
    assert "A A corrupt after-break B B" == night.words()


def test_where_two_bodies_share_the_names_a_file_without_a_camera_breaks_both() -> None:
    night = Night()
    words = [
        ("A", "1"),
        ("B", "2"),
        ("p", "1"),
        ("p", "2"),
        ("x", None),
        ("p", "1"),
        ("p", "2"),
        ("C", "1"),
        ("D", "2"),
    ]
    for index, (word, serial) in enumerate(words):
        taken = (START + timedelta(seconds=5 * index)).isoformat() if serial else None
        night.add(f"card/{index}.JPG", taken=taken, serial=serial, camera="Canon", **seen(word))
    assert "A B A B truncated after-break after-break C D" == night.words()


def test_a_slate_that_lost_its_camera_between_two_bodies_opens_nobody_and_stops_both() -> None:
    night = Night()
    words = [
        ("A", "1"),
        ("B", "2"),
        ("p", "1"),
        ("p", "2"),
        ("C", None),
        ("p", "1"),
        ("p", "2"),
        ("D", "1"),
        ("E", "2"),
    ]
    for index, (word, serial) in enumerate(words):
        taken = (START + timedelta(seconds=5 * index)).isoformat() if serial else None
        night.add(f"card/{index}.JPG", taken=taken, serial=serial, camera="Canon", **seen(word))
    assert "A B A B C after-break after-break D E" == night.words()


@pytest.mark.parametrize("camera", [{}, UNTIMED], ids=["timed", "untimed"])
@pytest.mark.parametrize("name", ["张三.jpg", "微信图片_20230702103000.jpg"])
def test_a_picture_that_somebody_put_in_is_not_the_last_students(name: str, camera: dict[str, Any]) -> None:
    night = Night()
    night.roll("A p p", **camera)
    night.add(f"card/{name}", **seen("p"))
    assert "A A A no-slate" == night.words()


# ---- Copies


@pytest.mark.parametrize("camera", [{}, UNNUMBERED, UNTIMED], ids=["body", "no number", "no time"])
@pytest.mark.parametrize("folder", ["a copy", "the copy"])
@pytest.mark.parametrize("part", [slice(None), slice(4), slice(3, None), slice(1, None, 3), slice(1, 2)], ids=str)
def test_a_card_copied_again_or_in_part_changes_nothing(part: slice, folder: str, camera: dict[str, Any]) -> None:
    night = Night()
    digests = night.roll("A p B p C p x p", folder="card", **camera)
    before = {match.sha256: word_of(match) for match in night.matches()}
    night.copy(night.originals[part], folder)
    after = {match.sha256: word_of(match) for match in night.matches()}
    assert before == after
    assert "A A B B C C truncated after-break" == " ".join(after[digest] for digest in digests)


def test_a_part_of_a_card_in_another_sessions_inbox_opens_nobody_there() -> None:
    night = Night()
    night.roll("A p B p", at=datetime(2023, 7, 3, 9))
    moved = [one.model_copy(update={"session": "2023-07-03-guyuan"}) for one in night.originals]
    night.originals = moved
    night.copy(moved[2:3], "wrong", session=SESSION)
    assert ["A", "A", "B", "B"] == [word_of(match) for match in sorted(night.matches(), key=by_name)]


def by_name(match: object) -> str:
    return match.classified.frame.original.name  # type: ignore[attr-defined,no-any-return]


def test_the_same_slate_again_as_the_same_bytes_opens_its_student_again() -> None:
    night = Night()
    for index, word in enumerate(["A", "p", "B", "p", "A", "p"]):
        night.add(f"card/{index}.png", content=word if word == "A" else "", **seen(word))
    assert {"card/0.png": "A", "card/1.png": "A", "card/2.png": "B", "card/3.png": "B", "card/5.png": "A"} == (
        night.told()
    )


def test_every_empty_file_is_a_break_though_all_are_the_same_bytes() -> None:
    night = Night()
    for index, word in enumerate(["A", "p", "0", "p", "B", "p", "0", "p"]):
        read = {"trouble": "empty"} if word == "0" else seen(word)
        night.add(f"card/{index}.jpg", content="" if word != "0" else "nothing", **read)
    told = night.told()
    assert "A A empty after-break B B after-break" == " ".join(told.values())


def test_a_broken_copy_that_was_made_again_is_no_break() -> None:
    night = Night()
    night.roll("A p p B p p")
    taken = night.readings[night.originals[1].sha256].taken
    said: dict[str, Any] = {"taken": taken, "camera": "Canon EOS R5", "serial": "1"}
    night.add("broken/IMG_0002.JPG", trouble="truncated", **said)
    night.add("card/IMG_0003.JPG", trouble="empty", content="nothing")
    assert sorted(["truncated", "empty", *"AAABBB"]) == sorted(word_of(match) for match in night.matches())


# ---- What has no part in the camera's order


@pytest.mark.parametrize(
    "name",
    [
        "IMG_0002.CR3",
        "IMG_0002.xmp",
        "IMG_0002.JPG.xmp",
        "._IMG_0002.JPG",
        "scanlog.csv",
        "Thumbs.db",
        "IMG_0002.txt",
    ],
)
def test_companions_logs_and_litter_are_no_break(name: str) -> None:
    night = Night()
    night.roll("A p p", **UNTIMED)
    night.add(f"card/{name}", format=None, trouble="raw-alone" if name.endswith("CR3") else "not-a-picture")
    assert ["A", "A", "A"] == [word for word in night.told().values() if word not in (".", "not-a-picture")]


@pytest.mark.parametrize("name", ["IMG_0002.CR3", "IMG_0002.xmp", "._IMG_0002.JPG", "scanlog.csv"])
def test_what_belongs_to_another_file_is_its_companion(name: str) -> None:
    night = Night()
    night.roll("A p")
    night.add(f"card/{name}", format=None, trouble="not-a-picture")
    assert [name] == [
        match.classified.frame.original.name for match in night.matches() if match.classified.companion
    ]


def test_a_raw_file_is_a_companion_where_any_of_its_copies_stands_beside_a_picture() -> None:
    night = Night()
    night.roll("A p", folder="full")
    raw = night.add("full/IMG_0002.CR3", format="RAW")
    night.copy([one for one in night.originals if one.sha256 == raw], "a part")
    assert [raw] == [match.sha256 for match in night.matches() if match.classified.companion]


def test_a_raw_file_without_its_picture_is_a_break() -> None:
    night = Night()
    night.roll("A p")
    night.add("card/IMG_0003.CR3", format="RAW")
    night.roll("p B p", first=4, at=START + timedelta(seconds=30))
    assert "A A raw-alone after-break B B" == night.words()


def test_a_name_that_cannot_be_written_is_a_break_unless_a_copy_has_a_better_one() -> None:
    night = Night()
    night.roll("A p B p")
    slate = night.originals[2]
    night.originals[2] = slate.model_copy(update={"path": "card/IMG_0003%0A.JPG", "unsafe": True})
    assert "A A unsafe-name after-break" == night.words()
    night.copy([slate], "the copy")
    assert "A A B B" == night.words()


def test_a_session_that_left_the_campaign_holds_its_files() -> None:
    night = Night()
    night.add("1.JPG", session="2022-01-01-nowhere", **seen("A"))
    night.add("scanlog.csv", session="2022-01-01-nowhere")
    assert {"1.JPG": "session-unknown", "scanlog.csv": "."} == night.told()


# ---- A run that does not look like one student's is doubted, from there on


def test_twice_the_usual_number_of_frames_is_doubted_after_the_first() -> None:
    assert "A A run-long run-long run-long B B B" == told("A p p p p B p p")


def test_a_frame_more_than_usual_is_believed() -> None:
    assert "A A A A B B B" == told("A p p p B p p")


def test_where_one_frame_is_usual_a_second_one_is_doubted() -> None:
    assert "A A B B C C D D E E F F run-long" == told("A p B p C p D p E p F p p")


def test_where_every_third_student_needs_two_frames_nobody_is_doubted_for_two() -> None:
    assert "A A B B C C C D D E E F F F" == told("A p B p C p p D p E p F p p")


def test_where_five_frames_are_usual_five_are_believed() -> None:
    script = " ".join(f"{one} p p p p p" for one in "ABCD")
    assert " ".join(f"{one} " * 5 + one for one in "ABCD") == told(script)


def test_a_session_of_one_run_is_measured_by_what_is_usual_elsewhere() -> None:
    assert "A A run-long run-long run-long" == told("A p p p p")


def test_the_campaign_may_say_how_many_frames_are_usual() -> None:
    campaign = CAMPAIGN.model_copy(update={"rules": strict(max_frames=4)})
    assert "A A A A A B B B" == told("A p p p p B p p", campaign=campaign)


def test_a_slate_that_came_too_late_makes_the_run_before_it_counted_closely() -> None:
    assert "A A run-long run-long B C C C" == told("A p p p B C p p")


def test_a_broken_frame_at_the_end_of_a_run_counts() -> None:
    assert "A A run-long run-long truncated B B B" == told("A p p p x B p p")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("A p ~ p p B p", "A A run-pause run-pause B B"),
        ("A ~ p p B p", "A run-pause run-pause B B"),
        ("A p ~ B p", "A A B B"),
    ],
    ids=["between", "after the slate", "between students"],
)
def test_a_long_pause_is_doubted_from_there_on(script: str, expected: str) -> None:
    assert expected == told(script)


def test_two_minutes_are_no_long_pause() -> None:
    assert "A A A" == told("A p p", step=120)
    assert "A run-pause run-pause" == told("A p p", step=121)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("A p:20 p:120 B p:120", "A A appearance-changed B B"),
        ("A p:20 p p:120 B p:120", "A A appearance-changed appearance-changed B B"),
        ("A p p:20 p:120 B p:120", "A A A appearance-changed B B"),
        ("A p:20 p:26 p:36 B p:120", "A A A appearance-changed B B"),
        ("A p:20 p:24 p:20 B p:120", "A A A A B B"),
    ],
    ids=["changed", "one frame not seen", "first frame not seen", "in small steps", "the same"],
)
def test_other_clothes_within_a_run_are_doubted_from_there_on(script: str, expected: str) -> None:
    assert expected == told(script)


# ---- A desk scan in between


def test_a_scan_in_between_is_doubted_from_there_on() -> None:
    rows = scanned("A . . . E . B . . C . . D")
    assert "A A A A scan-between scan-between B B B C C C D D D" == told(
        "A p p p p p B p p C p p D p p", rows, campaign=CAMPAIGN.model_copy(update={"rules": strict(max_frames=9)})
    )


@pytest.mark.parametrize("hours", [-9, 0, 5])
def test_the_desks_clock_may_be_hours_off(hours: int) -> None:
    rows = scanned("A . . B . E . C . . D", at=START + timedelta(hours=hours))
    expected = "A A A B B scan-between scan-between C C C D D D"
    assert expected == told("A p p B p p p C p p D p p", rows)


def test_a_queue_raises_nothing() -> None:
    rows = scanned("A B C D E F G H", every=3)
    script = " ".join(f"{one} p p" for one in "ABCDEFGH")
    assert " ".join(f"{one} {one} {one}" for one in "ABCDEFGH") == told(script, rows)


def test_who_left_the_queue_costs_only_the_run_after_which_they_should_have_sat_down() -> None:
    rows = scanned("A B C J D E F G H", every=3)
    script = " ".join(f"{one} p p" for one in "ABCDEFGH")
    expected = " ".join(f"{one} {one} {one}" for one in "ABCDEFGH").replace("C C C", "C C scan-between")
    assert expected == told(script, rows)


def test_without_a_queue_who_left_between_two_students_costs_nothing() -> None:
    rows = scanned("A . . B . . C . . D", at=START - timedelta(seconds=3))
    rows.append(DeskRow(SESSION, "scanlog.csv:99", START + timedelta(seconds=55), "code-J", None))
    assert "A A A B B B C C C D D D" == told("A p p B p p C p p D p p", rows)


def test_a_forgotten_slate_in_a_queue_is_noticed_by_the_scan() -> None:
    rows = scanned("A B J C D E", every=3)
    assert "A A B B scan-between C C D D E E" == told("A p B p p C p D p E p", rows)


def test_an_unreadable_slate_explains_one_scan() -> None:
    rows = scanned("A B J C D", every=3)
    assert "A A A B B B slate-unreadable after-break after-break C C C D D D" == told(
        "A p p B p p ? p p C p p D p p", rows
    )


def test_an_unreadable_slate_does_not_explain_two_scans() -> None:
    rows = scanned("A B I J C D", every=3)
    assert "A A A B B scan-between+scan-between slate-unreadable after-break C C C D D D" == told(
        "A p p B p p ? p C p p D p p", rows
    )


def test_an_unreadable_slate_that_was_shown_again_explains_no_scan() -> None:
    rows = scanned("A B J C D", every=3)
    assert "A A A B B scan-between slate-unreadable C C C D D D" == told("A p p B p p ? C p p D p p", rows)


def test_whoever_an_unreadable_slate_may_be_is_named() -> None:
    night = Night()
    night.roll("A p p B p p ? p p C p p D p p")
    held = [match for match in night.matches(scanned("A B J C D", every=3)) if match.troubles]
    assert {frozenset({number("B"), number("J")})} == {match.candidates for match in held}


def test_a_slate_on_another_body_answers_the_scan() -> None:
    night = Night()
    night.roll("A p p C p p", folder="1", serial="1")
    night.roll("B p p D p p", folder="2", serial="2")
    words = night.told(scanned("A B C D", every=3))
    assert "A A A C C C B B B D D D" == " ".join(words.values())


def test_a_list_typed_in_afterwards_tells_nothing_of_a_queue() -> None:
    rows = scanned("D=D A=A J=J C=C B=B", every=0, at=START + timedelta(hours=9))
    assert "A A A B B B C C C D D D" == told("A p p B p p C p p D p p", rows)


def test_a_list_in_another_order_tells_nothing_of_a_queue() -> None:
    rows = scanned("D C J B A", every=60, at=START + timedelta(hours=9))
    assert "A A A B B B C C C D D D" == told("A p p B p p C p p D p p", rows)


def test_two_desks_need_not_have_one_clock() -> None:
    rows = scanned("A C E", every=20) + scanned(
        "B D J F", every=20, at=START + timedelta(hours=2), log="scanlog2.csv"
    )
    script = " ".join(f"{one} p p" for one in "ABCDEF")
    expected = "A A A B B B C C C D D scan-between E E scan-between F F F"
    assert expected == told(script, rows)


def test_rows_of_one_second_are_in_the_order_of_the_log() -> None:
    rows = [
        DeskRow(SESSION, f"scanlog.csv:{row}", START + timedelta(seconds=(row + 1) // 2), f"code-{one}", None)
        for row, one in enumerate("ABCDEFGHIJ", 2)
    ]
    script = " ".join(f"{one} p p" for one in "ABCDEFGIJ")
    expected = " ".join(f"{one} {one} {one}" for one in "ABCDEFGIJ").replace("G G G", "G G scan-between")
    assert expected == told(script, rows)


# ---- Sessions and centres


def test_the_make_up_session_takes_anybody() -> None:
    night = Night()
    night.roll("A p", at=datetime(2023, 7, 16, 15))
    night.originals = [one.model_copy(update={"session": "2023-07-16-jinfeng"}) for one in night.originals]
    matches = night.matches()
    assert ["A", "A"] == [word_of(match) for match in matches]
    assert [(), ()] == [match.notes for match in matches]
    assert ("window", number("A"), "14:30—17:00") in [
        (each.kind, each.says, each.ref) for each in matches[1].evidence
    ]


def test_a_student_of_another_centre_is_filed_to_their_own_and_noted() -> None:
    night = Night()
    night.roll("A p")
    _, portrait = night.matches(centre="guyuan")
    assert number("A") == portrait.student_no
    assert ["other-centre"] == [note.code for note in portrait.notes]


@pytest.mark.parametrize(("day", "code"), [(3, "other-session"), (9, "other-day")])
def test_a_frame_of_another_day_is_noted(day: int, code: str) -> None:
    night = Night()
    night.roll("A p", at=datetime(2023, 7, day, 9))
    assert [{code}, {code}] == [{note.code for note in match.notes} for match in night.matches()]
    assert ["A", "A"] == list(night.told().values())


def _with_a_hole(before: str, after: str, first: int = 1, hole: int = 1) -> str:
    """A card from which as many files are gone as the hole is wide."""
    night = Night()
    digests = night.roll(before, first=first)
    at = START + timedelta(seconds=10 * len(digests) + min(hole, 10))
    digests += night.roll(after, first=(first + len(digests) + hole - 1) % 9999 + 1, at=at)
    words = {match.sha256: word_of(match) for match in night.matches()}
    return " ".join(words[digest] for digest in digests)


def test_a_file_that_is_not_there_may_have_been_a_slate() -> None:
    assert "A A number-missing B B" == _with_a_hole("A p", "p B p")
    assert "A number-missing B B" == _with_a_hole("A", "p B p")
    assert "A A number-missing" == _with_a_hole("A p", "p", first=9997)


def test_a_hole_within_one_sitting_and_before_a_slate_is_nothing() -> None:
    assert "A A A B B" == _with_a_hole("A p:20", "p:20 B p:90")
    assert "A A B B" == _with_a_hole("A p", "B p")
    assert "A A A" == _with_a_hole("A p", "p", hole=0)
    assert "A A A" == _with_a_hole("A p", "p", hole=500)


def test_names_of_two_cameras_in_one_folder_fill_each_others_holes() -> None:
    night = Night()
    for place, word in enumerate(["A", "B", "p", "p"], 1):
        night.roll(word, first=place, serial=str(1 + place % 2), at=START + timedelta(seconds=10 * place))
    assert "A B A B" == night.words()
