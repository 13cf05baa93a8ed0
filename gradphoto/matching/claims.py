"""Whom something besides the slate names: a tethering program's row about the file, a student number in its name.

Claims bear out a slate's owner and never replace one. Against the owner they hold the picture back, and those
after it in the same run of which nothing is said: a slate may have been forgotten there. Where there is no owner
they only name candidates.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.bindings import Bindings
from gradphoto.matching.evidence import Evidence
from gradphoto.matching.kind import is_picture_name, parted
from gradphoto.matching.runs import Run
from gradphoto.matching.sidecars import SidecarRow, Sidecars, about
from gradphoto.original import Digest, Original

_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{13}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Claim:
    """That a picture shows one of `says`; `kind` and `ref` as with `Evidence`."""

    kind: str
    ref: str
    says: frozenset[str]

    @property
    def evidence(self) -> Iterator[Evidence]:
        """A piece for each student."""
        return (Evidence(self.kind, student_no, self.ref) for student_no in sorted(self.says))


Claims = Mapping[Digest, Sequence[Claim]]
NO_CLAIMS: Claims = {}


def claims(originals: Iterable[Original], sidecars: Sidecars, bindings: Bindings) -> Claims:
    """The claims about each content, by the names of all its copies and by the sidecars' rows."""
    every = sorted(originals, key=lambda one: one.place)
    found: dict[Digest, dict[Claim, None]] = defaultdict(dict)
    for sha256, rows in about(sidecars.rows, every).files.items() if sidecars.rows else ():
        found[sha256] |= dict.fromkeys(claim for row in rows for claim in claims_of(row, bindings))
    for one in every:
        if says := _named(one, bindings.register):
            found[one.sha256][Claim("name", one.path, says)] = None
    return {sha256: tuple(each) for sha256, each in found.items()}


def claims_of(row: SidecarRow, bindings: Bindings) -> list[Claim]:
    """What a row says: by its code, which may also be a student number, and by its number; often nothing."""
    by_code = bindings.owner(row.code).candidates if row.code else frozenset()
    by_number = {no for no in (row.code, row.student_no) if no and no in bindings.register}
    said = [by_code.intersection(bindings.register), *(frozenset({no}) for no in sorted(by_number))]
    return [Claim("sidecar", row.ref, each) for each in said if each]


def in_force(run: Run, claims: Claims) -> list[Sequence[Claim]]:
    """For each portrait of a run its own claims; without any, those before it that speak against the owner."""
    found: list[Sequence[Claim]] = []
    carried: Sequence[Claim] = ()
    for shot in run.portraits:
        own = claims.get(shot.classified.frame.original.sha256, ())
        carried = _against(run.owner.student_no, own) if own else carried
        found.append(own or carried)
    return found


def disagreements(owner: str | None, said: Iterable[Claim]) -> list[Discrepancy]:
    """What holds a portrait of `owner` back, naming both; nothing where there is no owner."""
    return [
        Discrepancy(code=f"{claim.kind}-disagrees", detail=_both(owner, claim)) for claim in _against(owner, said)
    ]


def _both(owner: str | None, claim: Claim) -> str:
    return f"采集码照：{owner}；{claim.ref}：{'、'.join(sorted(claim.says))}"


def _against(owner: str | None, said: Iterable[Claim]) -> list[Claim]:
    return [claim for claim in said if owner is not None and owner not in claim.says]


def _named(original: Original, register: Collection[str]) -> frozenset[str]:
    if not is_picture_name(original.path):
        return frozenset()
    return frozenset(no for no in _NUMBER.findall(parted(original.path)[1]) if no in register)
