"""What a person decided: in order of number, the later word counts, and what was undone was never said."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gradphoto.decision import Act, Decision, standing
from gradphoto.matching.bindings import bind
from gradphoto.matching.match import Match
from gradphoto.matching.season import decide, hold_ineligible
from tests.a_night import Night, number, register, word_of

ONE, TWO = "1" * 64, "2" * 64
A, B = number("A"), number("B")


def said(*what: dict[str, Any]) -> list[Decision]:
    """Decisions in order, numbered from 1."""
    return [Decision(number=at, before=at - 1, **one) for at, one in enumerate(what, 1)]


def assign(capture: str, student_no: str) -> dict[str, Any]:
    return {"act": Act.ASSIGN, "capture": capture, "student_no": student_no}


def choose(capture: str) -> dict[str, Any]:
    return {"act": Act.CHOOSE, "capture": capture}


def reject(capture: str, reason: str = "闭眼") -> dict[str, Any]:
    return {"act": Act.REJECT, "capture": capture, "reason": reason}


def admit(student_no: str) -> dict[str, Any]:
    return {"act": Act.ADMIT, "student_no": student_no}


def undo(number: int) -> dict[str, Any]:
    return {"act": Act.UNDO, "undone": number}


def test_the_later_word_on_one_capture_counts() -> None:
    held = standing(said(assign(ONE, A), assign(ONE, B), assign(TWO, A)))
    assert {ONE: B, TWO: A} == {capture: one.student_no for capture, one in held.assigned.items()}


def test_a_rejected_capture_is_taken_back_by_choosing_or_assigning_it() -> None:
    assert {} == standing(said(reject(ONE), choose(ONE))).rejected
    assert {} == standing(said(reject(ONE), assign(ONE, A))).rejected


def test_a_chosen_capture_is_chosen_no_more_once_it_is_rejected() -> None:
    held = standing(said(choose(ONE), reject(ONE)))
    assert ({}, {ONE}) == (held.chosen, set(held.rejected))


def test_what_was_undone_was_never_said() -> None:
    assert {} == standing(said(assign(ONE, A), undo(1))).assigned
    assert {A} == set(standing(said(admit(A), admit(B), undo(2))).admitted)


def test_undoing_the_later_word_brings_the_earlier_one_back() -> None:
    held = standing(said(choose(ONE), reject(ONE), undo(2)))
    assert ({ONE}, {}) == (set(held.chosen), held.rejected)


def test_an_undo_can_be_undone_again_and_again() -> None:
    words = said(assign(ONE, A), undo(1), undo(2), undo(3))
    assert [True, False, True, False] == [ONE in standing(words[:last]).assigned for last in range(1, 5)]


def test_nothing_that_is_not_said_yet_can_be_undone() -> None:
    assert {ONE} == set(standing(said(undo(2), assign(ONE, A))).assigned)


acts = st.one_of(
    st.sampled_from(
        [assign(ONE, A), assign(ONE, B), choose(ONE), choose(TWO), reject(ONE), reject(TWO), admit(A)]
    ),
    st.integers(1, 12).map(undo),
)


@given(st.lists(acts, max_size=12), st.randoms())
def test_their_order_is_their_numbers(what: list[dict[str, Any]], random: Any) -> None:
    words = said(*what)
    shuffled = random.sample(words, len(words))
    assert standing(words) == standing(shuffled)


@given(st.lists(acts, max_size=12))
def test_taking_back_the_last_word_is_as_if_it_had_not_been_said(what: list[dict[str, Any]]) -> None:
    words = said(*what)
    assert standing(words) == standing(said(*what, reject(TWO, "手误"), undo(len(words) + 1)))


@given(st.lists(acts, max_size=12))
def test_no_capture_is_both_chosen_and_rejected(what: list[dict[str, Any]]) -> None:
    held = standing(said(*what))
    assert set() == set(held.chosen) & set(held.rejected)


# ---- Their force over the matching


def decided(script: str, *what: tuple[int, str]) -> list[Match]:
    """The frames of a card after each given frame (by place in the script) was assigned to a student."""
    night = Night()
    digests = night.roll(script)
    bindings = bind(register(), [])
    words = standing(said(*(assign(digests[at], student_no) for at, student_no in what)))
    return decide(night.matches(), words, bindings)


def test_an_assigned_portrait_is_that_students_whatever_spoke_against_it() -> None:
    matches = decided("A p p p p B p", (3, B), (4, B))
    assert "A A run-long B B B B" == " ".join(map(word_of, matches))
    assert [frozenset({B})] * 2 == [match.candidates for match in matches[3:5]]
    assert ("decision", B, "1") == (
        matches[3].evidence[-1].kind,
        matches[3].evidence[-1].says,
        matches[3].evidence[-1].ref,
    )


def test_only_a_portrait_can_be_assigned() -> None:
    assert "A A truncated after-break" == " ".join(map(word_of, decided("A p x p", (0, B), (2, B))))


def test_assigning_to_somebody_who_left_the_register_delivers_nothing() -> None:
    assert "A student-unknown" == " ".join(map(word_of, decided("A p", (1, "9999999999999"))))


def test_even_an_assigned_portrait_waits_while_its_student_is_not_eligible() -> None:
    held = hold_ineligible(decided("A p p", (2, B)), {B: "不属于"})
    assert "A A ineligible" == " ".join(map(word_of, held))
    assert B == held[2].student_no
