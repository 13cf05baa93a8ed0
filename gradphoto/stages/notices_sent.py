"""What became of notices: passed on, which only the operator knows, or called off."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from gradphoto.adapters.store import Store
from gradphoto.stages.notice_papers import Again
from gradphoto.told import Act, Kind, Said, Told, newest, note_told, told_records


def pass_on(store: Store, kind: Kind, centres: Iterable[str], at: str) -> dict[str, int]:
    """Put on record that the newest notices of these centres were sent; how many by centre, none twice."""
    records = told_records(store)
    made, sent = newest(records, kind, Act.MADE), newest(records, kind, Act.PASSED_ON)
    unsent: dict[str, list[Said]] = defaultdict(list)
    for home, said in made.values():
        if not _same(sent, said):
            unsent[home].append(said)
    found = {centre: unsent[centre] for centre in centres if centre in unsent}
    for centre, mine in found.items():
        note_told(store, Told(act=Act.PASSED_ON, kind=kind, centre=centre, at=at, notices=tuple(mine)))
    return {centre: len(mine) for centre, mine in found.items()}


def call_off(store: Store, kind: Kind, found: Iterable[Again], at: str) -> None:
    """Put on record that these were listed as not to come any more, so that they are listed once."""
    made = newest(told_records(store), kind, Act.MADE)
    by_centre: dict[str, list[Said]] = {}
    for one in found:
        by_centre.setdefault(one.centre, []).append(made[one.student_no][1])
    for centre, notices in sorted(by_centre.items()):
        note_told(store, Told(act=Act.CALLED_OFF, kind=kind, centre=centre, at=at, notices=tuple(notices)))


def _same(sent: Mapping[str, tuple[str, Said]], said: Said) -> bool:
    return said.student_no in sent and sent[said.student_no][1].digest == said.digest
