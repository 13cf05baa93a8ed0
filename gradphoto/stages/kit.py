"""A session's kit: from what stands in the workspace now and what the store knows of other days.

What a desk or a check asks of a kit beyond its fields is answered here too, so that neither needs a workspace.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.bad_input import BadInput
from config.campaign import EVERY_CENTRE, Campaign, Session
from config.campaign_file import parse_campaign, read_campaign
from config.settings import Settings
from config.spec import parse_spec, read_spec
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.store import Store, StoreTrouble
from gradphoto.inputs.roster import Register
from gradphoto.kit import Bound, Kit
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.replaced import standing_rows
from gradphoto.roster import Student
from gradphoto.slots_told import told_slots
from gradphoto.stages.consign import ledger_of
from gradphoto.stages.desk_logs import inbox_rows
from gradphoto.stages.inputs import Delivery, Inputs, profile_digest
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import build_season
from gradphoto.states import StudentState

SHOWN_OF_ID = 4
"""Characters of an ID number that a desk needs to tell people of one name apart."""
_PHOTOGRAPHED = (StudentState.DELIVERED, StudentState.PENDING)


def workspace_kit(store: Store, folder: Path, settings: Settings, session: str, own_logs: bool = False) -> Kit:
    """The kit of a session by the workspace's inputs as they are now, not as the last run found them.

    With `own_logs` also what stands in the session's own logs is bound, for a laptop that leaves the inbox behind.
    A store that cannot be reached leaves its part empty and says so in `lacking`. `BadInput` when the inputs
    cannot be used or the campaign has no such session.
    """
    inputs = inputs_now(folder, settings)
    rows = inbox_rows(folder, session, inputs.campaign)[0] if own_logs else []
    students = session_students(inputs.register.students, session_of(inputs.campaign, session))
    return Kit(
        session=session,
        campaign=read_campaign(settings.campaign, folder)[1],
        spec=read_spec(settings.spec, folder)[1],
        students=_slotted(store, inputs.campaign, session, students),
        **_known(store, inputs, session, students, rows),
    )


def kit_campaign(kit: Kit) -> Campaign:
    """The campaign of a kit."""
    return parse_campaign(kit.campaign, "campaign.toml")


def inputs_of(kit: Kit) -> Inputs:
    """The inputs of a matching that has nothing but a kit: its students, no addresses, no snapshot."""
    return Inputs(
        number=0,
        digest="",
        campaign=kit_campaign(kit),
        spec=parse_spec(kit.spec, "spec.toml"),
        spec_digest=profile_digest(kit.spec.encode()),
        delivery=Delivery(artist="", copyright="", photo_name="{student_no}"),
        register=Register(students=kit.students),
        addresses={},
        held_addresses=(),
    )


def session_of(campaign: Campaign, session: str) -> Session:
    """The campaign's session of that id; `BadInput` names those that there are."""
    found = [one for one in campaign.sessions if one.id == session]
    if not found:
        raise BadInput(f"没有场次 {session!r}，可用的是：{' '.join(one.id for one in campaign.sessions)}")
    return found[0]


def session_students(register: Mapping[str, Student], session: Session) -> dict[str, Student]:
    """Those whom a session expects: its windows' centres, or everybody where one is the make-up window."""
    centres = {window.centre for window in session.windows}
    return {no: one for no, one in register.items() if EVERY_CENTRE in centres or one.centre in centres}


def _slotted(
    store: Store, campaign: Campaign, session: str, students: Mapping[str, Student]
) -> dict[str, Student]:
    """What a laptop may know of them; where no roster says a slot, the one of this session that they were told."""
    told = {}
    with suppress(StoreTrouble, OSError):  # `lacking` says that the store was out of reach
        told = {no: slot.times for no, slot in told_slots(store, campaign).items() if slot.session == session}
    known = {no: masked_student(student) for no, student in sorted(students.items())}
    return {no: one.model_copy(update={"slot": one.slot or told.get(no, "")}) for no, one in known.items()}


def masked_student(student: Student) -> Student:
    """What a laptop may know of a student."""
    left_out = dict.fromkeys(("gender", "major", "ref", "exam_no", "birth_date", "major_code", "class_name"), "")
    return student.model_copy(update={**left_out, "id_no": student.id_no[-SHOWN_OF_ID:]})


def bound_by(rows: Iterable[DeskRow]) -> tuple[Bound, ...]:
    """The bindings of desk rows that stand, each once, at its first time, in order of code and student."""
    first: dict[tuple[str, str], DeskRow] = {}
    for row in sorted(standing_rows(rows).binding, key=lambda row: (row.at, row.session, row.ref)):
        first.setdefault((row.code, row.student_no or ""), row)
    return tuple(
        Bound(code=code, student_no=no, session=row.session, at=row.at, station=row.station)
        for (code, no), row in sorted(first.items())
    )


def _known(
    store: Store, inputs: Inputs, session: str, students: Mapping[str, Student], own: Sequence[DeskRow]
) -> dict[str, Any]:
    """What the store adds; a laptop that has left the office does without."""
    try:
        season = build_season(store, inputs)
        photographed = _photographed(store, season)
    except (StoreTrouble, OSError) as trouble:
        why = reason(trouble) if isinstance(trouble, OSError) else trouble
        lacking = f"存储连不上（{why}）：不知道谁已拍过、谁经核准，也不知道其他场次的绑定"
        return {"lacking": lacking, "bound": bound_by(own)}
    return {
        "photographed": tuple(no for no in sorted(students) if no in photographed),
        "admitted": tuple(no for no in sorted(students) if no in season.standing.admitted),
        "bound": bound_by([*own, *(row for row in season.rows if row.session != session)]),
    }


def _photographed(store: Store, season: Season) -> set[str]:
    ledger = ledger_of(store, season)
    return {no for no, one in ledger.students.items() if one.state in _PHOTOGRAPHED}
