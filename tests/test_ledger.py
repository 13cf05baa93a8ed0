"""The state of every file and every student: each can be reached, and none says more than is known."""

from collections import Counter
from typing import Any

import pytest

from config.spec import load_spec
from gradphoto.decision import Act, Decision, standing
from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.bindings import bind
from gradphoto.matching.choose import best, weigh
from gradphoto.matching.entry import Entry, state_of
from gradphoto.matching.kind import Kind
from gradphoto.matching.ledger import Ledger, close_ledger, counted
from gradphoto.matching.season import decide, distinct, hold_ineligible, match_season
from gradphoto.original import Digest
from gradphoto.portrait import Render
from gradphoto.states import FileState, StudentState
from tests.a_night import CAMPAIGN, Night, number, register, seen

SPEC = load_spec("chsi-2017")
A, D = number("A"), number("D")
SHUT, SMILE, FAINT = {"eye_open": 0.05}, {"mouth_open": 0.3}, {"glasses": 100, "mouth_open": 0.3}
"""Figures that hold a portrait back, one hint, two hints."""


class Desk:
    """A night's card, and what became of it."""

    def __init__(self, script: str, *figures: dict[str, float] | None) -> None:
        self.night = Night()
        self.digests = self.night.roll(script)
        self.decisions: list[Decision] = []
        self.renders: dict[Digest, Render] = {}
        for digest, figure in zip(self.digests, figures, strict=False):
            if figure:
                self.see(digest, figures=figure)

    def see(self, digest: Digest, **read: Any) -> None:
        """The reader saw something else in a frame."""
        self.night.readings[digest] = self.night.readings[digest].model_copy(update=read)

    def say(self, act: Act, at: int, **what: Any) -> None:
        """A person's word on one frame, by its place in the script."""
        after = len(self.decisions)
        self.decisions.append(Decision(number=after + 1, before=after, act=act, capture=self.digests[at], **what))

    def ledger(self, packed: dict[str, int] | None = None, ineligible: dict[str, str] | None = None) -> Ledger:
        """The ledger; `packed` is by student the frame in the newest bundle, by default the chosen one."""
        captures, duplicates = distinct(self.night.originals)
        bindings, words = bind(register(), []), standing(self.decisions)
        matches = match_season(captures, self.night.readings, bindings, [], CAMPAIGN, duplicates)
        matches = hold_ineligible(decide(matches, words, bindings), ineligible or {})
        weighed = {
            match.sha256: weigh(match, SPEC, self.renders, words)
            for match in matches
            if match.classified.kind is Kind.PORTRAIT
        }
        self.chosen = best(one for digest, one in weighed.items() if digest not in words.rejected)
        stands = {no: one.match.sha256 for no, one in self.chosen.items()}
        if packed is not None:
            stands = {no: self.digests[at] for no, at in packed.items()}
        entries = [state_of(match, weighed, self.chosen, words, stands) for match in matches]
        entries += [Entry(original, FileState.DUPLICATE) for original in duplicates]
        return close_ledger(entries, matches, register(), ineligible or {})

    def states(self, **settings: Any) -> str:
        """A word a frame, in the order of the card."""
        found = {entry.original.sha256: entry for entry in self.ledger(**settings).entries}
        return " ".join(found[digest].state for digest in self.digests)

    def reasons(self, at: int, **settings: Any) -> list[str]:
        """Why a frame is not delivered."""
        entries = self.ledger(**settings).entries
        return [why.code for one in entries if one.original.sha256 == self.digests[at] for why in one.reasons]


# ---- Files


def test_the_later_of_two_equal_portraits_is_delivered() -> None:
    assert "slate superseded delivered" == Desk("A p p").states()


def test_the_one_with_fewest_hints_is_delivered_though_it_is_the_earlier() -> None:
    assert "slate superseded delivered superseded" == Desk("A p p p", None, FAINT, SMILE, FAINT).states()


def test_a_flawed_portrait_is_superseded_by_a_good_one_and_says_why() -> None:
    desk = Desk("A p p", None, None, SHUT)
    assert "slate delivered superseded" == desk.states()
    assert ["eyes-closed"] == desk.reasons(2)


def test_a_flawed_portrait_alone_waits_for_a_person() -> None:
    desk = Desk("A p", None, SHUT)
    assert "slate pending" == desk.states()
    assert ["eyes-closed"] == desk.reasons(1)


def test_a_doubted_portrait_waits_though_its_student_is_delivered() -> None:
    assert "slate delivered pending pending pending" == Desk("A p p p p").states()


def test_what_no_crop_fits_waits_and_says_which_rule() -> None:
    desk = Desk("A p")
    desk.see(
        desk.digests[1], face=seen("p")["face"].model_copy(update={"crown": 5.0, "eye": 375.0, "chin": 755.0})
    )
    assert ["no-headroom"] == desk.reasons(1)


def test_what_could_not_be_rendered_waits_and_says_why() -> None:
    desk = Desk("A p")
    desk.renders[desk.digests[1]] = Render(source=desk.digests[1], trouble=Discrepancy(code="byte-window"))
    assert ["byte-window"] == desk.reasons(1)


def test_what_was_chosen_and_is_not_packed_yet_is_not_called_delivered() -> None:
    desk = Desk("A p")
    assert "slate pending" == desk.states(packed={})
    assert ["not-packed"] == desk.reasons(1, packed={})


def test_what_stands_in_the_newest_bundle_is_delivered_until_a_better_one_is_packed() -> None:
    assert "slate delivered pending" == Desk("A p p").states(packed={A: 1})


@pytest.mark.parametrize(
    ("word", "state", "reason"),
    [
        ("x", "quarantined", "truncated"),
        ("-", "pending", "unclassified"),
        ("?", "pending", "slate-unreadable"),
        ("A+B", "pending", "two-codes"),
        ("n", "pending", "not-read"),
    ],
)
def test_a_break_is_held_under_its_own_reason(word: str, state: str, reason: str) -> None:
    desk = Desk(word)
    assert state == desk.states()
    assert [reason] == desk.reasons(0)


def test_a_companion_and_a_copy_are_no_captures() -> None:
    desk = Desk("A p")
    desk.night.add("card/IMG_0002.CR3", format="RAW")
    desk.night.copy(desk.night.originals[:2], "the copy")
    states = [entry.state for entry in desk.ledger().entries]
    assert ["slate", "companion", "delivered", "duplicate", "duplicate"] == states


def test_every_file_is_in_exactly_one_state_and_every_state_is_named() -> None:
    desk = Desk("A p p B p x p - C p p p p", None, None, None, None, SHUT)
    desk.night.copy(desk.night.originals[:3], "the copy")
    counts = counted(entry.state for entry in desk.ledger().entries)
    assert {state.value for state in FileState} == set(counts)
    assert len(desk.night.originals) == sum(counts.values())


# ---- A person's word


def test_a_rejected_portrait_is_retaken_and_says_why() -> None:
    desk = Desk("A p")
    desk.say(Act.REJECT, 1, reason="穿蓝色上衣")
    assert "slate rejected" == desk.states()
    assert [Discrepancy(code="rejected", detail="穿蓝色上衣")] == list(desk.ledger().students[A].reasons)


def test_where_one_is_rejected_the_next_best_is_delivered() -> None:
    desk = Desk("A p p")
    desk.say(Act.REJECT, 2, reason="闭眼")
    assert "slate delivered rejected" == desk.states()


def test_a_persons_choice_outweighs_findings() -> None:
    desk = Desk("A p p", None, SHUT, None)
    desk.say(Act.CHOOSE, 1)
    assert "slate delivered superseded" == desk.states()


def test_of_two_choices_the_later_counts() -> None:
    desk = Desk("A p p p", None, None, SMILE, None)
    desk.say(Act.CHOOSE, 1)
    desk.say(Act.CHOOSE, 2)
    assert "slate superseded delivered superseded" == desk.states()


def test_a_choice_makes_no_crop_where_there_are_two_faces() -> None:
    desk = Desk("A p")
    desk.see(desk.digests[1], faces=2, face=None)
    desk.say(Act.CHOOSE, 1)
    assert ["several-faces"] == desk.reasons(1)


def test_a_choice_does_not_say_whose_it_is() -> None:
    desk = Desk("A p x p")
    desk.say(Act.CHOOSE, 3)
    assert "slate delivered quarantined pending" == desk.states()


# ---- Students


def test_every_student_is_in_one_state_and_they_add_up() -> None:
    desk = Desk("A p p B p C p ? p D p", None, None, None, None, SHUT)
    desk.say(Act.REJECT, 6, reason="穿蓝色上衣")
    ledger = desk.ledger(ineligible={D: "不属于"})
    assert ["delivered", "pending", "pending", "ineligible", *["missing"] * 6] == [
        each.state for each in ledger.students.values()
    ]
    expected = [each for each in ledger.students.values() if each.state is not StudentState.INELIGIBLE]
    counts = Counter(each.state for each in ledger.students.values())
    assert len(expected) == sum(counts[state] for state in StudentState if state is not StudentState.INELIGIBLE)


@pytest.mark.parametrize(
    ("script", "state", "reasons"),
    [
        ("A p", "delivered", []),
        ("A", "missing", []),
        ("B p", "missing", []),
        ("A x", "missing", ["truncated"]),
        ("A x p", "pending", ["after-break"]),
        ("A+B p", "pending", ["two-codes", "after-break"]),
        ("A p p p p", "delivered", []),
        ("A ~ p", "pending", ["run-pause"]),
    ],
)
def test_a_student_is_what_their_captures_say(script: str, state: str, reasons: list[str]) -> None:
    standings = Desk(script).ledger().students[A]
    assert (state, set(reasons)) == (standings.state, {why.code for why in standings.reasons})


def test_a_student_all_of_whose_captures_were_rejected_is_rejected() -> None:
    desk = Desk("A p p")
    for at in (1, 2):
        desk.say(Act.REJECT, at, reason="闭眼")
    assert StudentState.REJECTED == desk.ledger().students[A].state


@pytest.mark.parametrize("frame", ["-", "?", "A+B"])
def test_a_frame_that_is_no_portrait_keeps_nobody_who_was_rejected_from_coming_again(frame: str) -> None:
    desk = Desk(f"A p {frame}")
    desk.say(Act.REJECT, 1, reason="闭眼")
    assert "slate rejected pending" == desk.states()
    told = desk.ledger().students[A]
    assert (StudentState.REJECTED, ["rejected"]) == (told.state, [reason.code for reason in told.reasons])


@pytest.mark.parametrize("script", ["A p ? p", "A p n"])
def test_whoever_was_rejected_and_may_have_another_portrait_waits_for_it(script: str) -> None:
    desk = Desk(script)
    desk.say(Act.REJECT, 1, reason="闭眼")
    assert StudentState.PENDING == desk.ledger().students[A].state


def test_one_who_is_not_eligible_is_held_and_not_expected() -> None:
    desk = Desk("A p")
    ledger = desk.ledger(ineligible={A: "入学学期不符"})
    assert StudentState.INELIGIBLE == ledger.students[A].state
    assert ["ineligible"] == desk.reasons(1, ineligible={A: "入学学期不符"})
    assert "slate pending" == desk.states(ineligible={A: "入学学期不符"})
