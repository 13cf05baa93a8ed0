"""Whose a pending capture may be: whoever any evidence names, the likeliest first, with the evidence in words."""

from datetime import timedelta

from gradphoto.matching.bindings import bind
from gradphoto.suggest import Around, Suggestion, Waiting, suggest
from tests.a_night import CAMPAIGN, SESSION, START, Night, number, register, scanned, word_of

A, B, C = map(number, "ABC")
WINDOWS = CAMPAIGN.session(SESSION).windows


def suggested(script: str, at: int, log: str = "", waiting: str = "", most: int = 9) -> list[Suggestion]:
    """The suggestions for one frame of a card, by its place in the script."""
    night, rows = Night(), scanned(log) if log else []
    digests = night.roll(script)
    found = {match.sha256: match for match in night.matches(rows)}
    ordered = [found[digest] for digest in digests]
    around = Around(
        before=next((one for one in reversed(ordered[:at]) if one.student_no), None),
        after=next((one for one in ordered[at + 1 :] if one.student_no), None),
        rows=rows,
        windows=WINDOWS,
        waiting=by_home(waiting),
    )
    assert word_of(ordered[at]) not in "ABC"
    return suggest(ordered[at], around, bind(register(), rows), most)


def by_home(letters: str) -> Waiting:
    homes = {number(letter): register()[number(letter)].centre for letter in letters}
    return {centre: {no for no, home in homes.items() if home == centre} for centre in homes.values()}


def numbers(found: list[Suggestion]) -> list[str]:
    return [one.student_no for one in found]


def test_whoever_was_scanned_then_and_has_no_portrait_is_first() -> None:
    found = suggested("A p ? p C p", 3, log="A . B . C", waiting="B")
    assert B == found[0].student_no
    assert any("扫码" in words for words in found[0].why)


def test_those_who_sat_before_and_after_are_named_as_such() -> None:
    found = {one.student_no: one.why for one in suggested("A p ? p C p", 3)}
    assert "前一张是该学生" in found[A]
    assert "后一张是该学生" in found[C]


def test_a_scan_of_another_hour_says_nothing() -> None:
    far = scanned("B", at=START + timedelta(hours=1))
    night = Night()
    digests = night.roll("? p")
    (match,) = [one for one in night.matches(far) if one.sha256 == digests[1]]
    around = Around(None, None, far, (), frozenset())
    assert [] == [one for one in suggest(match, around, bind(register(), far), 9) if "扫码，" in one.why[0]]


def test_then_come_those_of_the_windows_centres_who_have_no_portrait_by_number() -> None:
    assert [C, number("D"), number("E")] == numbers(suggested("? p", 1, waiting="EDC"))


def test_there_are_never_more_than_can_have_a_key() -> None:
    assert 2 == len(suggested("? p", 1, waiting="ABCDEFG", most=2))


def test_the_same_evidence_gives_the_same_list() -> None:
    assert suggested("A p ? p C p", 3, "A B C", "B") == suggested("A p ? p C p", 3, "A B C", "B")
