"""What a night is asked to do: the same by command, event and clock; and what a run says of itself to Prefect."""

from pathlib import Path

import pytest

from cli.workspace import Workspace
from config.bad_input import BadInput
from flows.asked import echo_asked, failed_of, night_asked, rerun_asked
from flows.deliver import _deliver
from flows.label import title
from flows.summary import summary
from gradphoto.stages.close import close_session
from gradphoto.stages.standing import status_of
from tests.small_night import ANNA, GUYUAN, build, run, small


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    build(tmp_path, small())
    return Workspace(tmp_path)


def test_without_a_session_only_closed_ones_are_done_and_the_others_are_named(place: Workspace) -> None:
    asked = night_asked(place)
    assert (None, True) == (asked.plan, GUYUAN in asked.open)
    close_session(place.store, GUYUAN, "x", "y")
    again = night_asked(place)
    assert again.plan
    assert ((GUYUAN,), False) == (again.plan.sessions, GUYUAN in again.open)


def test_an_event_asks_for_nothing_twice_but_a_command_may(place: Workspace) -> None:
    close_session(place.store, GUYUAN, "x", "y")
    assert echo_asked(place, GUYUAN).plan == night_asked(place, [GUYUAN]).plan
    run(place.folder)
    assert None is echo_asked(place, GUYUAN).plan
    assert night_asked(place, [GUYUAN]).plan


def test_a_person_may_start_a_session_that_is_not_closed(place: Workspace) -> None:
    assert echo_asked(place, GUYUAN).plan == night_asked(place, [GUYUAN]).plan


def test_only_failed_centres_are_asked_for_again(place: Workspace) -> None:
    run(place.folder, drill=["longde"])
    assert (["longde"], []) == (failed_of(place), failed_of(place, ["guyuan"]))
    plan = rerun_asked(place, ["longde"])
    assert (("longde",), True) == (plan.centres, GUYUAN in plan.sessions)


@pytest.mark.parametrize("session", ["2023-07-09-nowhere", "2023-07-04-tongxin"])
def test_what_cannot_be_asked_is_one_line(place: Workspace, session: str) -> None:
    with pytest.raises(BadInput, match=session) as refused:
        echo_asked(place, session)
    assert 1 == len(str(refused.value).splitlines())


def test_prefect_hears_that_an_input_is_wrong_but_not_which(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.folder / "rosters" / "张三.csv").write_text("姓名\n李四\n", encoding="utf-8")
    close_session(place.store, GUYUAN, "x", "y")
    state = _deliver("nightly", str(place.folder), GUYUAN, ())
    assert ("FAILED", False) == (state.type, "张三" in f"{state.message}{state.data}")
    assert "张三.csv" in capsys.readouterr().err


def test_a_run_is_called_by_what_it_does(place: Workspace) -> None:
    plan = night_asked(place, [GUYUAN]).plan
    assert plan
    assert f"nightly {GUYUAN}" == title("nightly", plan)
    assert "rerun longde" == title("rerun", plan.model_copy(update={"centres": ("longde",)}))


def test_a_summary_counts_and_names_nobody(place: Workspace) -> None:
    done = run(place.folder)
    text = summary(done.run, status_of(place.store, place.season), {"eyes-closed": 2})
    assert "| longde | 新版本 | 1 | 已打包 | 2 | 2 | 0 | 0 | 0 |  |" in text
    assert "| eyes-closed | 闭眼 | 2 |" in text
    assert ANNA.student_no not in text
