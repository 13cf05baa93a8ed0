"""The report of a run, in Markdown: what stands first is what somebody must do something about.

It is in the language of whoever runs the night.

Students are named by number only, so that a report may lie about.
"""

from collections.abc import Iterable, Sequence

from gradphoto.inputs.problems import Held
from gradphoto.language import heading, shown
from gradphoto.markdown import table
from gradphoto.matching.entry import Entry
from gradphoto.matching.ledger import Ledger
from gradphoto.run import Run
from gradphoto.safe_name import printable
from gradphoto.states import CENTRE_WORDS, FILE_WORDS, FileState
from gradphoto.status import CentreStatus, SessionStatus, Status

Lines = list[str]
_LOOK = (FileState.PENDING, FileState.REJECTED, FileState.QUARANTINED)


def report(
    number: int,
    run: Run,
    status: Status,
    ledger: Ledger,
    held: Iterable[Held],
    odd: Iterable[Held],
    alarms: Sequence[str],
    makeup: Sequence[str] = (),
) -> str:
    """The whole report of one run; `held` are rows that were not used, `odd` rows that were.

    `makeup` says who will need the make-up window.
    """
    done = {one.session for one in run.sessions}
    sessions = [one for one in status.sessions if one.id in done]
    lines = [f"# {heading(f'第 {number} 次运行（{run.flow}）')}", ""]
    lines += _section("须处理", [*alarms, *_failures(run), *_left_out(run)])
    lines += _section("零星补拍", makeup)
    lines += _section("未使用的行", [row.text for row in held])
    lines += _section("已使用但可疑的行", [row.text for row in odd])
    lines += _table("场次", ("场次", "文件", *FILE_WORDS.values()), map(_session, sessions))
    heads = ("中心", "应采", "已入包", "待核对", "须重拍", "未采集", "不在范围", "已撤回", "状态", "版本", "原因")
    lines += _table("中心", heads, map(_centre, status.centres))
    for session in sessions:
        entries = [entry for entry in ledger.of_session(session.id) if entry.state in _LOOK]
        lines += _table(f"{session.id}：需要看的文件", ("文件", "状态", "学号", "原因"), map(_entry, entries))
    return printable("\n".join(lines)) + "\n"


def _failures(run: Run) -> Lines:
    failed = [f"中心 {one.centre} 处理失败：{one.reason}（gradphoto rerun {one.centre}）" for one in run.failed]
    return failed + [f"场次 {one.session} 处理失败：{one.reason}" for one in run.sessions if one.reason]


def _left_out(run: Run) -> Lines:
    refused = [f"{one.session} 未收 {each}" for one in run.sessions for each in one.refused]
    growing = [f"{one.session} 未收 {each}：还在复制中，下次再收" for one in run.sessions for each in one.growing]
    return refused + growing


def _session(one: SessionStatus) -> Sequence[object]:
    return (one.id, one.total, *(one.states[state] for state in FILE_WORDS))


def _centre(one: CentreStatus) -> Sequence[object]:
    counts = (one.expected, one.delivered, one.pending, one.rejected, one.missing, one.ineligible, one.withdrawn)
    version = one.bundle.version if one.bundle else ""
    return (one.name, *counts, CENTRE_WORDS[one.state], version, one.reason)


def _entry(entry: Entry) -> Sequence[object]:
    why = "；".join(reason.text for reason in entry.reasons)
    return (f"{entry.original.source}/{entry.original.path}", FILE_WORDS[entry.state], entry.student_no or "", why)


def _section(title: str, lines: Sequence[str]) -> Lines:
    return [f"## {heading(title)}", "", *(f"- {shown(line)}" for line in lines), ""] if lines else []


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Lines:
    lines = table(columns, rows)
    return [f"## {heading(title)}", "", *lines, ""] if lines else []
