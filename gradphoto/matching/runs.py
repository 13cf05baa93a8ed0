"""Whom a slate opens: the portraits after it, on that camera and in order, until the next slate or break."""

from collections.abc import Iterable
from dataclasses import dataclass

from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.bindings import Bindings, Owner
from gradphoto.matching.kind import Kind
from gradphoto.matching.lanes import Lane, Shot


@dataclass(frozen=True, slots=True)
class Run:
    """What opened it (None at the head of a lane), whose it is, and its portraits in order."""

    opener: Shot | None
    owner: Owner
    portraits: tuple[Shot, ...]

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Opener and portraits, in order."""
        return (self.opener, *self.portraits) if self.opener else self.portraits

    @property
    def code(self) -> str | None:
        """The code of the slate that opened it."""
        return self.opener.classified.code if self.opener else None


def runs(lane: Lane, bindings: Bindings) -> list[Run]:
    """The lane cut at every slate and every break; a break opens nobody.

    What follows a break may still be the student's before it: a candidate for the person who looks.
    """
    found: list[Run] = []
    for opener, portraits in _cut(lane):
        before = found[-1].owner.candidates if found else frozenset()
        if opener or portraits:
            found.append(Run(opener, _owner(opener, bindings, before), tuple(portraits)))
    return found


def _cut(lane: Iterable[Shot]) -> list[tuple[Shot | None, list[Shot]]]:
    cuts: list[tuple[Shot | None, list[Shot]]] = [(None, [])]
    for shot in lane:
        if shot.classified.kind is Kind.PORTRAIT:
            cuts[-1][1].append(shot)
        else:
            cuts.append((shot, []))
    return cuts


def _owner(opener: Shot | None, bindings: Bindings, before: frozenset[str]) -> Owner:
    if opener is None:
        return Owner(None, Discrepancy(code="no-slate"))
    code = opener.classified.code
    if opener.classified.kind is Kind.SLATE and code is not None:
        return bindings.owner(code)
    trouble = Discrepancy(code="after-break", detail=opener.classified.frame.original.path)
    shown = (no for each in opener.classified.codes for no in bindings.owner(each).candidates)
    return Owner(None, trouble, before.union(shown))
