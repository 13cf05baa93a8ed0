"""Why a purge may not be done now: each reason one line that says what to do first.

Nobody can say afterwards whose a file was, so everything of the scope must be settled and by a night; and nothing
may be lost to others, whose pictures are told apart by what stands between them.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from config.bad_input import BadInput
from config.settings import Settings
from gradphoto.adapters.store import Store
from gradphoto.purge import Purge, Scope
from gradphoto.purge_cover import Cover, waiting
from gradphoto.records import sessions_with_originals
from gradphoto.stages.consign import ledger_of
from gradphoto.stages.ingest import has_news
from gradphoto.stages.purge_scope import students_of, without
from gradphoto.stages.runs import runs, session_digest
from gradphoto.stages.season import Season
from gradphoto.stages.snapshot import is_current
from gradphoto.stages.todo import sessions_of

SHOWN = 5
"""Files or students that a line names."""


class PurgeRefusal(BadInput):
    """A purge that is not done; one line for the operator."""


def refuse_unknown(season: Season, scope: Scope) -> None:
    """`PurgeRefusal` for a centre or student that nobody knows."""
    if scope.centre and scope.centre not in {centre.id for centre in season.inputs.campaign.centres}:
        raise PurgeRefusal(f"没有教学点 {scope.centre!r}：请核对 gradphoto status 列出的教学点")
    strange = [no for no in scope.students if no not in season.inputs.register.students]
    if strange:
        raise PurgeRefusal(f"名册中没有学号 {'、'.join(map(repr, strange))}，请核对")


def refuse(
    store: Store, workspace: Path, settings: Settings, season: Season, scope: Scope, purge: Purge, covered: Cover
) -> None:
    """`PurgeRefusal` with the first reason there is; none when the purge may be done."""
    for reason in _reasons(store, workspace, settings, season, purge, covered):
        raise PurgeRefusal(f"{scope.text} 现在不能销毁：{reason}")


def others_lost(before: Season, after: Season, students: Iterable[str]) -> list[str]:
    """The numbers of the others whose chosen picture would be another one, or none, in order."""
    scope = set(students)
    old, new = ({no: one.match.sha256 for no, one in season.chosen.items()} for season in (before, after))
    return sorted(no for no in old.keys() | new.keys() if no not in scope and old.get(no) != new.get(no))


def _reasons(
    store: Store, workspace: Path, settings: Settings, season: Season, purge: Purge, covered: Cover
) -> Iterator[str]:
    students = students_of(season, purge.scope)
    if not purge.delete and not purge.redact:
        done = " ".join(sorted(students & season.withdrawn)) or purge.scope.centre
        gone = season.withdrawn >= students and (students or purge.scope.centre in season.purged.centres)
        yield f"{done} 已经销毁过，没有剩下什么" if gone else "存储中没有属于他们的任何文件"
    if not is_current(store, workspace, settings):
        yield "名册、采集安排或设置在上次运行之后有变化，请先运行 gradphoto nightly"
    yield from _unfinished(store, workspace, season, purge, covered)
    ledger = ledger_of(store, season)
    if open_ := waiting(ledger.entries, season.matches, students):
        first = open_[0].original.path
        yield f"有 {len(open_)} 个文件待人工核对（首先是 {first}），请先用 gradphoto review 处理完"
    if lost := others_lost(season, without(store, season, purge), students):
        named = "、".join(lost[:SHOWN])
        yield (
            f"会改变另外 {len(lost)} 名学生（{named}）的照片归属，"
            "请先用 gradphoto review assign 把他们的照片逐张认定，再运行 gradphoto nightly"
        )


def _unfinished(store: Store, workspace: Path, season: Season, purge: Purge, covered: Cover) -> Iterator[str]:
    """Files, rows and decisions that no night has looked at yet."""
    campaign = season.inputs.campaign
    done = {one.session: one.inputs for run in runs(store) for one in run.sessions if not one.reason}
    touched = {one.session for one in covered.files}
    for centre in {purge.scope.centre, *purge.repack} - {""}:
        touched |= set(sessions_of(campaign, centre))
    there = set(sessions_with_originals(store))
    known = [session.id for session in campaign.sessions]
    for session in known:
        inbox = workspace / "inbox" / session
        if session in touched and inbox.is_dir() and has_news(store, session, inbox, f"inbox/{session}"):
            yield f"inbox/{session} 中有还没有收的文件，请先运行 gradphoto nightly {session}"
        if session in touched & there and done.get(session) != session_digest(season, session):
            yield f"场次 {session} 有变化还没有处理，请先运行 gradphoto nightly {session}"
    unread = {
        match.classified.frame.original.session
        for match in season.matches
        if any(trouble.code == "not-read" for trouble in match.troubles)
    }
    for session in sorted(unread & touched):
        yield f"场次 {session} 有文件尚未读取，请先运行 gradphoto nightly {session}"
