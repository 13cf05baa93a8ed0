"""Where everything stands, as the contract's JSON says it: pure, from the ledger, the bundles and the runs."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import SerializerFunctionWrapHandler, model_serializer

from config.campaign import Campaign
from config.frozen import Frozen
from gradphoto.matching.ledger import Ledger, counted
from gradphoto.packed import Packed
from gradphoto.run import CentreOutcome
from gradphoto.shipment import Shipment
from gradphoto.states import CentreState, StudentState

NONE: Mapping[str, Shipment] = {}


class SessionStatus(Frozen):
    """One session: how many of its files are in each state."""

    id: str
    closed: bool
    total: int
    states: dict[str, int]


class BundleStatus(Frozen):
    """A centre's newest bundle; `path` is its key in the store, `bytes` its size."""

    version: int
    path: str
    sha256: str
    bytes: int
    reviewed: bool = False
    """Whether somebody looked through exactly the portraits that it holds."""
    blocked: bool = False
    """Whether it holds a recalled portrait; said only when it does."""

    @model_serializer(mode="wrap")
    def _said(self, plainly: SerializerFunctionWrapHandler) -> dict[str, Any]:
        said: dict[str, Any] = plainly(self)
        return said if self.blocked else {name: value for name, value in said.items() if name != "blocked"}


class CentreStatus(Frozen):
    """One centre: how many students are in each state. The ineligible and the withdrawn are not `expected`."""

    id: str
    name: str
    expected: int
    delivered: int
    pending: int
    rejected: int
    missing: int
    ineligible: int
    withdrawn: int = 0
    state: CentreState
    reason: str
    bundle: BundleStatus | None
    shipment: Shipment = Shipment()


class Status(Frozen):
    """A campaign."""

    campaign: str
    sessions: tuple[SessionStatus, ...]
    centres: tuple[CentreStatus, ...]


def status(
    campaign: Campaign,
    ledger: Ledger,
    bundles: Mapping[str, Packed],
    outcomes: Mapping[str, CentreOutcome],
    closed: Collection[str],
    reviewed: Collection[str] = (),
    withdrawn: Collection[str] = (),
    blocked: Collection[str] = (),
    shipments: Mapping[str, Shipment] = NONE,
) -> Status:
    """The status; `bundles` are the newest by centre, `outcomes` those of each centre's last run.

    `closed` are the sessions that are over, `reviewed` the centres whose bundle was looked through,
    `withdrawn` those of which everything was destroyed, `blocked` those whose bundle holds a recalled portrait,
    `shipments` what goes to each centre.
    """
    made = Status(
        campaign=campaign.id,
        sessions=tuple(_session(session.id, ledger, session.id in closed) for session in campaign.sessions),
        centres=tuple(
            _centre(
                centre.id,
                centre.name,
                ledger,
                _bundle(bundles.get(centre.id), centre.id in reviewed, centre.id in blocked),
                outcomes.get(centre.id),
            )
            for centre in campaign.centres
        ),
    )
    centres = (_withdrawn(one) if one.id in withdrawn else one for one in made.centres)
    going = (one.model_copy(update={"shipment": shipments.get(one.id, one.shipment)}) for one in centres)
    return made.model_copy(update={"centres": tuple(going)})


def _withdrawn(centre: CentreStatus) -> CentreStatus:
    """Whatever its last run came to, there is nothing of it any more."""
    return centre.model_copy(update={"state": CentreState.WITHDRAWN, "reason": "", "bundle": None})


def _session(session: str, ledger: Ledger, closed: bool) -> SessionStatus:
    states = [entry.state for entry in ledger.of_session(session)]
    return SessionStatus(id=session, closed=closed, total=len(states), states=counted(states))


def _centre(
    id_: str, name: str, ledger: Ledger, bundle: BundleStatus | None, outcome: CentreOutcome | None
) -> CentreStatus:
    counts = Counter(each.state for each in ledger.of_centre(id_))
    return CentreStatus(
        id=id_,
        name=name,
        expected=counts.total() - counts[StudentState.INELIGIBLE] - counts[StudentState.WITHDRAWN],
        **{state.value: counts[state] for state in StudentState},
        state=state_of(bundle, outcome),
        reason=outcome.reason if outcome else "",
        bundle=bundle,
        shipment=Shipment(),
    )


def state_of(bundle: BundleStatus | None, outcome: CentreOutcome | None) -> CentreState:
    """A centre whose last run failed is failed, whatever bundle it has from before."""
    if outcome and outcome.result == "failed":
        return CentreState.FAILED
    return CentreState.PACKAGED if bundle else CentreState.WAITING


def _bundle(packed: Packed | None, reviewed: bool, blocked: bool) -> BundleStatus | None:
    if packed is None:
        return None
    said = {"version": packed.version, "path": packed.path, "sha256": packed.sha256, "bytes": packed.bytes}
    return BundleStatus.model_validate({**said, "reviewed": reviewed, "blocked": blocked})
