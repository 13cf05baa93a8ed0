"""A run in a few lines of Markdown, as Prefect shows it; counts only, no person."""

from collections.abc import Iterable, Mapping, Sequence

from gradphoto.discrepancy import TEXTS
from gradphoto.markdown import table
from gradphoto.run import CentreOutcome, Run, SessionOutcome
from gradphoto.states import CENTRE_WORDS, FILE_WORDS
from gradphoto.status import CentreStatus, SessionStatus, Status

_WORDS = {"packaged": "新版本", "unchanged": "无变化", "failed": "失败"}
_CENTRE = ("中心", "结果", "版本", "状态", "应采", "已入包", "待核对", "须重拍", "未采集", "原因")


def summary(run: Run, status: Status, found: Mapping[str, int]) -> str:
    """Sessions and centres of a run, and how many files have which discrepancy (`found`, by code)."""
    sessions = {one.id: one for one in status.sessions}
    centres = {one.id: one for one in status.centres}
    tables = (
        _table(("场次", "新收文件", "未收", "故障"), map(_taken, run.sessions)),
        _table(("场次", "文件", *FILE_WORDS.values()), (_files(sessions[one.session]) for one in run.sessions)),
        _table(_CENTRE, (_centre(one, centres[one.centre]) for one in run.centres)),
        _table(("代码", "含义", "文件"), ((code, TEXTS[code], found[code]) for code in sorted(found))),
    )
    return "\n".join([f"# {run.flow}", *tables])


def _taken(one: SessionOutcome) -> Sequence[object]:
    return (one.session, one.added, len(one.refused) + len(one.growing), one.reason)


def _files(one: SessionStatus) -> Sequence[object]:
    return (one.id, one.total, *(one.states[state] for state in FILE_WORDS))


def _centre(outcome: CentreOutcome, now: CentreStatus) -> Sequence[object]:
    counts = (now.expected, now.delivered, now.pending, now.rejected, now.missing)
    state = CENTRE_WORDS[now.state]
    return (outcome.centre, _WORDS[outcome.result], outcome.version or "", state, *counts, outcome.reason)


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = table(columns, rows)
    return "\n".join(["", *lines, ""]) if lines else ""
