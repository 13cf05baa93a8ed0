"""Pack as a task: one centre's bundle."""

from pathlib import Path

from gradphoto.adapters.store import open_store
from gradphoto.progress import begin
from gradphoto.run import CentreOutcome
from gradphoto.stages.pack import pack as pack_centre
from tasks.stage import stage
from tasks.trouble import DrillTrouble


@stage("pack", "pack {centre}")
def pack(url: str, snapshot: int, centre: str, drill: bool) -> CentreOutcome:
    """Bring one centre's bundle up to date."""
    if drill:
        raise DrillTrouble("演练：按要求使该中心打包失败")
    outcome = pack_centre(open_store(url, Path()), snapshot, centre)
    begin("pack", 0)(1)
    return CentreOutcome(
        centre=centre,
        result="packaged" if outcome.made else "unchanged",
        version=outcome.packed.version if outcome.packed else 0,
    )
