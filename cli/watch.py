"""`watch`: sessions are closed when their inbox says that they are over."""

import getpass
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli.problem import Problem
from cli.show import say, warn
from cli.workspace import Workspace, WorkspaceOption
from config.bad_input import BadInput
from gradphoto.adapters.store import StoreTrouble
from gradphoto.stages.close import close_session, closed_sessions
from gradphoto.stages.over import Quiet, folders, inbox_of, is_over

LOOKS_EVERY = 10_000
"""Milliseconds: a disk on the network tells nobody what changes on it."""


def watch(
    once: Annotated[bool, typer.Option("--once", help="只看一次：等到不再变化，能收工的收工，然后结束")] = False,
    workspace: WorkspaceOption = Path(),
) -> None:
    """看守收片文件夹：出现 CLOSED 文件，或各存储卡都已完整复制，即自动收工；按 Ctrl-C 停止。"""
    place = Workspace(workspace)
    inbox = place.folder / "inbox"
    if not inbox.is_dir():
        raise Problem(f"没有收片文件夹 {inbox}：请先运行 gradphoto init {place.folder}")
    watcher = _Watcher(place)
    watcher.look()
    if once:
        time.sleep(place.settings.quiet_seconds)
        watcher.look()
        return
    say(f"正在看守 {inbox}，按 Ctrl-C 停止")
    for _ in _changes(inbox, min(LOOKS_EVERY, 1000 * place.settings.quiet_seconds)):
        watcher.look()


def _changes(inbox: Path, milliseconds: int) -> Iterator[object]:
    """Something for each look that is due, until Ctrl-C or SIGTERM."""
    from watchfiles import watch as changes

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    yield from changes(
        inbox, debounce=milliseconds, rust_timeout=milliseconds, yield_on_timeout=True, stop_event=stop
    )


class _Watcher:
    def __init__(self, place: Workspace) -> None:
        self._place = place
        self._quiet = Quiet(place.settings.quiet_seconds)
        self._said: set[str] = set()

    def look(self) -> None:
        """Close what is over. Trouble is told once, and the next look may find it gone."""
        try:
            self._look()
        except (BadInput, StoreTrouble, OSError) as trouble:
            self._warn(f"{trouble}；稍后再看")

    def _look(self) -> None:
        place = Workspace(self._place.folder, sweep=False)
        sessions = {session.id: session for session in place.campaign_now.sessions}
        there = folders(place.folder / "inbox")
        over = closed_sessions(place.store, sessions)
        for name in there:
            if name not in sessions:
                self._warn(f"inbox/{name} 不是场次，其中的文件不会处理，请改名；可用的是：{' '.join(sessions)}")
            elif name not in over:
                inbox = inbox_of(place.inbox(name))
                still = self._quiet.still(name, inbox.state, time.monotonic())
                if still and is_over(inbox, sessions[name], place.local_time.replace(tzinfo=None)):
                    self._close(place, name)

    def _close(self, place: Workspace, session: str) -> None:
        from flows.start import tell_closed  # Prefect takes a second to import

        close_session(place.store, session, getpass.getuser(), place.local_time.isoformat(timespec="seconds"))
        told = tell_closed(session, place.folder)
        say(f"{session} 已收工" if told else f"{session} 已收工；没有可用的 Prefect 服务器，等定时任务处理")

    def _warn(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            warn(line)
