"""A hold: nothing of the student is delivered until somebody chose a picture or took the hold back."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cli.workspace import Workspace
from gradphoto.decision import Act, Decision, standing
from gradphoto.stages.decide import take_decision
from gradphoto.states import FileState, StudentState
from tests.small_night import ANNA, build, run, small
from tests.test_ledger import Desk


def test_a_held_portrait_waits_and_none_of_its_run_goes_in_its_place() -> None:
    desk = Desk("A p p B p")
    desk.say(Act.HOLD, 2, reason="像是别人")
    assert "slate pending pending slate delivered" == desk.states()
    assert [["held-by-person"]] * 2 == [desk.reasons(1), desk.reasons(2)]


def test_choosing_any_picture_of_the_student_ends_the_hold() -> None:
    for chosen, states in ((1, "slate delivered superseded"), (2, "slate superseded delivered")):
        desk = Desk("A p p")
        desk.say(Act.HOLD, 2)
        desk.say(Act.CHOOSE, chosen)
        assert states == desk.states()


def test_so_does_taking_it_back_and_what_was_chosen_before_counts_again() -> None:
    desk = Desk("A p p")
    desk.say(Act.CHOOSE, 1)
    desk.say(Act.HOLD, 1)
    assert "slate pending pending" == desk.states()
    desk.decisions.append(Decision(number=3, before=2, act=Act.UNDO, undone=2))
    assert "slate delivered superseded" == desk.states()


def test_a_choice_before_the_hold_does_not_outweigh_it() -> None:
    desk = Desk("A p p")
    desk.say(Act.CHOOSE, 1)
    desk.say(Act.HOLD, 2)
    assert "slate pending pending" == desk.states()


def test_a_rejection_of_what_was_held_lets_the_others_go() -> None:
    desk = Desk("A p p")
    desk.say(Act.HOLD, 2)
    desk.say(Act.REJECT, 2, reason="闭眼")
    assert "slate delivered rejected" == desk.states()


acts = st.lists(st.tuples(st.sampled_from([Act.HOLD, Act.CHOOSE, Act.REJECT]), st.sampled_from("12")), max_size=9)


@given(acts)
def test_no_capture_is_held_and_chosen_at_once(said: list[tuple[Act, str]]) -> None:
    words = [
        Decision(number=at, before=at - 1, act=act, capture=which * 64) for at, (act, which) in enumerate(said, 1)
    ]
    held = standing(words)
    assert set() == set(held.held) & set(held.chosen)


def test_the_next_bundle_leaves_a_held_student_out_and_says_why(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    place = Workspace(tmp_path)
    source = place.season.chosen[ANNA.student_no].match.sha256
    take_decision(place.store, "test", "", act=Act.HOLD, capture=source)
    run(tmp_path)
    after = Workspace(tmp_path)
    (anna,) = [one for one in after.bundles["guyuan"].absent if one.student_no == ANNA.student_no]
    (entry,) = [one for one in after.ledger.entries if one.original.sha256 == source]
    assert (StudentState.PENDING, ("held-by-person",)) == (anna.state, anna.reasons)
    assert (FileState.PENDING, ("decision", None, "1")) == (
        entry.state,
        (entry.evidence[-1].kind, entry.evidence[-1].says, entry.evidence[-1].ref),
    )
