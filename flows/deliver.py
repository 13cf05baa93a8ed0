"""The flows that are deployed under the names `nightly` and `rerun`, which people, events and the schedule start.

They take plain words, make the plan that the command would make, and carry it out. Nobody's name is in a
parameter, in a state or in a log: a line that says what is wrong with an input goes to standard error alone.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from config.bad_input import BadInput
from config.language import language_of
from flows.asked import Asked, echo_asked, failed_of, night_asked, rerun_asked
from flows.nightly import ONE_MACHINE, carry_out
from flows.order import Done
from gradphoto.language import shown, speak
from gradphoto.safe_name import printable
from gradphoto.stages.place import Place
from tasks.trouble import wordless

RESOURCE = "gradphoto.session."
NOTHING = "没有需要处理的：收工的场次都没有变化"
NONE_FAILED = "没有失败的中心，保持原样"


def _name() -> str:
    """Of a run until its plan is known."""
    asked = flow_run.parameters
    words = [asked.get("session") or "", *(asked.get("centres") or [])]
    return " ".join([flow_run.flow_name, *(word.removeprefix(RESOURCE) for word in words if word)])


@flow(name="nightly", flow_run_name=_name, task_runner=ONE_MACHINE)
def nightly(workspace: str = "", session: str | None = None) -> State:
    """The night of one session, by its id or as an event names it; without, of every closed one that changed."""
    return _deliver("nightly", workspace, session.removeprefix(RESOURCE) if session else "", ())


@flow(name="rerun", flow_run_name=_name, task_runner=ONE_MACHINE)
def rerun(workspace: str = "", centres: list[str] | None = None) -> State:
    """Failed centres again; without any, all of them."""
    return _deliver("rerun", workspace, "", centres or ())


def _deliver(flow_name: str, workspace: str, session: str, centres: Sequence[str]) -> State:
    os.umask(0o077)  # whatever is written is its owner's alone: there are people in it
    with wordless():
        try:
            folder = Path(workspace or os.environ.get("GRADPHOTO_WORKSPACE", "."))
            speak(language_of(os.environ, folder))
            place = Place(folder)
            asked = _asked(flow_name, place, session, centres)
        except BadInput as trouble:
            print(printable(shown(str(trouble))), file=sys.stderr)
            return _failed(f"输入有误，什么都没有做：在工作区运行 gradphoto {flow_name}，它会说是哪一处")
    if asked.plan is None:
        return Completed(message=shown(NOTHING if flow_name == "nightly" else NONE_FAILED))
    return _outcome(carry_out(asked.plan, flow_name))


def _asked(flow_name: str, place: Place, session: str, centres: Sequence[str]) -> Asked:
    if flow_name == "nightly":
        return echo_asked(place, session) if session else night_asked(place)
    failed = failed_of(place, centres)
    return Asked(rerun_asked(place, failed) if failed else None)


def _outcome(done: Done) -> State:
    if done.run.failed:
        names = " ".join(outcome.centre for outcome in done.run.failed)
        return _failed(f"处理失败的中心：{names}。请排除故障后运行 gradphoto rerun {names}")
    return Completed(message=shown(f"第 {done.number} 次运行"))


def _failed(line: str) -> State:
    return Failed(message=shown(line))
