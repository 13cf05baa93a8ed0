"""The order of a night's stages, whoever runs them: ingest, read, match, render, pack, record.

A session that fails before packing fails every centre with a window in it; a centre that fails fails alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.settings import load_settings
from flows.done import Done as Done
from flows.each import Each, patiently
from flows.plan import Plan
from gradphoto.adapters.store import Store, StoreTrouble, open_store
from gradphoto.log import open_log
from gradphoto.progress import begin
from gradphoto.run import CentreOutcome, Run, SessionOutcome
from gradphoto.stages.purge_papers import complete_purges
from gradphoto.stages.runs import record_run, session_digest
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import load_season
from gradphoto.stages.todo import Shard, expected, to_read, to_render
from gradphoto.stages.watched import watched
from tasks.consign import consign
from tasks.ingest import ingest
from tasks.match import match
from tasks.pack import pack
from tasks.read import read
from tasks.render import render
from tasks.trouble import why


@dataclass
class _Night:
    """One run on its way: the sessions as they came out so far; trouble is in them, never raised for one."""

    plan: Plan
    each: Each
    store: Store
    sessions: dict[str, SessionOutcome] = field(default_factory=dict)

    @property
    def season(self) -> Season:
        """The season as it is by now."""
        return patiently(load_season, self.store, self.plan.snapshot)

    @property
    def lost(self) -> dict[str, CentreOutcome]:
        """The centres with a window in a session that failed."""
        campaign = self.season.inputs.campaign
        return {
            centre: CentreOutcome(centre=centre, result="failed", reason=f"{one.session}：{one.reason}")
            for one in self.sessions.values()
            if one.reason
            for centre in sorted(expected(campaign, one.session))
            if self.plan.wants(centre)
        }

    def ingest(self) -> None:
        plan = self.plan
        calls = [(plan.store, plan.workspace, session, plan.shard_size) for session in plan.sessions]
        for session, outcome in zip(plan.sessions, self.each(ingest, calls), strict=True):
            failed = isinstance(outcome, BaseException)
            self.sessions[session] = SessionOutcome(session=session, reason=why(outcome)) if failed else outcome

    def read(self) -> None:
        good = [session for session, outcome in self.sessions.items() if not outcome.reason]
        self._shards(read, "read", to_read(self.season, good, self.plan.shard_size))

    def match(self) -> list[str]:
        """The centres to pack. Without matches there is nothing to go on with, so their trouble ends the run.

        Without sessions, as after a recall, they are those that are asked for.
        """
        if not self.plan.sessions:
            return list(self.plan.centres)
        (centres,) = self.each(match, [(self.plan.store, self.plan.snapshot, list(self.plan.sessions))])
        if isinstance(centres, BaseException):
            raise centres
        return [centre for centre in centres if self.plan.wants(centre)]

    def render(self, centres: Collection[str]) -> None:
        """Again while a picture that no quality fits gives way to the student's next best."""
        while True:
            waiting = to_render(self.season, centres, self.plan.shard_size)
            shards = [shard for shard in waiting if not self._failed(shard.session)]
            if not shards:
                return
            self._shards(render, "render", shards)

    def pack(self, centres: Iterable[str]) -> list[CentreOutcome]:
        plan, wanted = self.plan, list(centres)
        begin("pack", len(wanted))
        calls = [(plan.store, plan.snapshot, centre, centre in plan.drill) for centre in wanted]
        return [
            CentreOutcome(centre=centre, result="failed", reason=why(outcome))
            if isinstance(outcome, BaseException)
            else outcome
            for centre, outcome in zip(wanted, self.each(pack, calls), strict=True)
        ]

    def record(self, flow: str, centres: Iterable[CentreOutcome]) -> Done:
        season = self.season
        sessions = (
            one.model_copy(update={"inputs": session_digest(season, one.session)})
            for one in self.sessions.values()
        )
        ordered = sorted(centres, key=lambda outcome: outcome.centre)
        run = Run(flow=flow, snapshot=self.plan.snapshot, sessions=tuple(sessions), centres=tuple(ordered))
        try:
            number = patiently(record_run, self.store, run)
        except (StoreTrouble, OSError) as trouble:
            return Done(0, _unrecorded(run, trouble), "", [f"这次运行没有记录：{why(trouble)}"])
        (left,) = self.each(consign, [(self.plan.store, self.plan.workspace, number, run)])
        if isinstance(left, BaseException):
            return Done(number, run, "", [f"报告未能写出：{why(left)}"])
        return Done(number, run, *left)

    def _shards(self, step: Any, stage: str, shards: list[Shard]) -> None:
        begin(stage, sum(len(shard.digests) for shard in shards))
        plan = self.plan
        outcomes = self.each(step, [(plan.store, plan.snapshot, *shard, plan.workers) for shard in shards])
        for shard, outcome in zip(shards, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                before = self.sessions.get(shard.session, SessionOutcome(session=shard.session))
                self.sessions[shard.session] = before.model_copy(update={"reason": why(outcome)})

    def _failed(self, session: str) -> bool:
        return session in self.sessions and bool(self.sessions[session].reason)


def night(plan: Plan, flow: str, each: Each) -> Done:
    """Do the stages for the plan's sessions and record the run; a purge that was cut off is finished before."""
    folder = Path(plan.workspace)
    this = _Night(plan, each, open_store(plan.store, folder))
    open_log(load_settings(folder).log, folder)
    with watched(flow, plan.snapshot, plan.sessions, plan.centres) as watch:
        complete_purges(this.store, folder)
        with watch.stage("ingest"):
            this.ingest()
        with watch.stage("read"):
            this.read()
        with watch.stage("match"):
            centres = this.match()
        with watch.stage("render"):
            this.render(_without(centres, this.lost))
        with watch.stage("pack"):
            packed = this.pack(_without(centres, this.lost))
        with watch.stage("record"):
            done = this.record(flow, [*packed, *this.lost.values()])
        watch.ended(this.store, folder, done.number, done.run)
    return done


def _unrecorded(run: Run, trouble: BaseException) -> Run:
    """Nobody will know of it, so every centre counts as failed, or the trouble ends the run when there is none."""
    if not run.centres:
        raise trouble
    reason = f"运行没有记录：{why(trouble)}"
    return run.model_copy(
        update={
            "centres": tuple(
                one if one.result == "failed" else one.model_copy(update={"result": "failed", "reason": reason})
                for one in run.centres
            )
        }
    )


def _without(centres: Iterable[str], lost: Mapping[str, object]) -> list[str]:
    return [centre for centre in centres if centre not in lost]
