"""Sheet: the proof sheet of one centre, of the portraits exactly as they will be delivered."""

from pathlib import Path
from typing import NamedTuple

from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.proof_sheet import Proof, Unprintable, proof_sheet, unprintable
from gradphoto.adapters.store import Store
from gradphoto.stages.journals import look_name
from gradphoto.stages.looks import portraits_of
from gradphoto.stages.portraits import portrait_key
from gradphoto.stages.season import Season


class Sheet(NamedTuple):
    """A proof sheet that was written, and the names that it could not print in full."""

    path: Path
    portraits: int
    unprintable: list[Unprintable]


def write_sheet(store: Store, season: Season, centre: str, to: Path, font: Path | None = None) -> Sheet | None:
    """Write `校对表-<centre>.pdf` into a folder, over nothing that is there; None when there are no portraits.

    `NoFont` when the machine has no Chinese font; `OSError` when the folder cannot be written to.
    """
    letters, look = Lettering(font), look_name(season.inputs)
    proofs = [
        Proof(one.student_no, one.name, store.read(portrait_key(look, one.source_sha256)))
        for one in portraits_of(store, season, centre)
    ]
    if not proofs:
        return None
    title = f"{season.inputs.campaign.centre(centre).name} 毕业生照片校对表"
    written = write_fresh(to, {f"校对表-{centre}.pdf": proof_sheet(title, proofs, letters)})
    return Sheet(written.paths[0], len(proofs), unprintable(proofs, letters))
