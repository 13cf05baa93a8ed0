"""Whom a purge is about, and what the season is once it is carried out."""

from dataclasses import replace

from gradphoto.adapters.store import Store
from gradphoto.decision import Decision
from gradphoto.original import Original
from gradphoto.purge import InForce, Purge, Scope, in_force
from gradphoto.purges import purges
from gradphoto.stages.season import Season


def students_of(season: Season, scope: Scope) -> frozenset[str]:
    """The numbers of those whom a purge is about, as the register has them."""
    register = season.inputs.register.students
    mine = {no for no, student in register.items() if scope.centre and student.centre == scope.centre}
    return frozenset(mine | (set(scope.students) & set(register)))


def without(store: Store, season: Season, purge: Purge) -> Season:
    """The season after the purge, as far as it decides whose anything is."""
    force = in_force([*purges(store).values(), purge])

    def stays(one: Original) -> bool:
        return one.sha256 not in force.dead or force.dead[one.sha256].successor is not None

    return replace(
        season,
        captures=tuple(filter(stays, season.captures)),
        duplicates=tuple(filter(stays, season.duplicates)),
        rows=tuple(row for row in season.rows if not force.bars(row, season.inputs.register.students)),
        sidecars=replace(
            season.sidecars,
            rows=tuple(
                row for row in season.sidecars.rows if not force.bars(row, season.inputs.register.students)
            ),
        ),
        decisions=tuple(
            _left(one, force) for one in season.decisions if one.captures or one.capture not in force.dead
        ),
        purged=force,
    )


def _left(decision: Decision, force: InForce) -> Decision:
    """Of a recall what it froze of others."""
    left = tuple(sha256 for sha256 in decision.captures if sha256 not in force.dead)
    return decision.model_copy(update={"captures": left})
