"""Where everything stands, as the contract's JSON says it: pure, from the ledger, the bundles and the runs."""

from collections import Counter
from collections.abc import Collection, Mapping

from config.campaign import Campaign
from config.frozen import Frozen
from gradphoto.matching.ledger import Ledger, counted
from gradphoto.packed import Packed
from gradphoto.run import CentreOutcome
from gradphoto.states import CentreState, StudentState


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


class CentreStatus(Frozen):
    """One centre: how many students are in each state. `expected` is all of them but the ineligible."""

    id: str
    name: str
    expected: int
    delivered: int
    pending: int
    rejected: int
    missing: int
    ineligible: int
    state: CentreState
    reason: str
    bundle: BundleStatus | None


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
) -> Status:
    """The status; `bundles` are the newest by centre, `outcomes` those of each centre's last run."""
    return Status(
        campaign=campaign.id,
        sessions=tuple(_session(session.id, ledger, session.id in closed) for session in campaign.sessions),
        centres=tuple(
            _centre(centre.id, centre.name, ledger, bundles.get(centre.id), outcomes.get(centre.id))
            for centre in campaign.centres
        ),
    )


def _session(session: str, ledger: Ledger, closed: bool) -> SessionStatus:
    states = [entry.state for entry in ledger.of_session(session)]
    return SessionStatus(id=session, closed=closed, total=len(states), states=counted(states))


def _centre(
    id_: str, name: str, ledger: Ledger, packed: Packed | None, outcome: CentreOutcome | None
) -> CentreStatus:
    counts = Counter(each.state for each in ledger.of_centre(id_))
    return CentreStatus(
        id=id_,
        name=name,
        expected=counts.total() - counts[StudentState.INELIGIBLE],
        **{state.value: counts[state] for state in StudentState},
        state=state_of(packed, outcome),
        reason=outcome.reason if outcome else "",
        bundle=_bundle(packed) if packed else None,
    )


def state_of(packed: Packed | None, outcome: CentreOutcome | None) -> CentreState:
    """A centre whose last run failed is failed, whatever bundle it has from before."""
    if outcome and outcome.result == "failed":
        return CentreState.FAILED
    return CentreState.PACKAGED if packed else CentreState.WAITING


def _bundle(packed: Packed) -> BundleStatus:
    return BundleStatus(version=packed.version, path=packed.path, sha256=packed.sha256, bytes=packed.bytes)
