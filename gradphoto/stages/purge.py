"""The list of a purge: what of a store goes, what cannot be reached, and whether it may go now. Writes nothing."""

import json
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from gradphoto.adapters.store import Store, digest
from gradphoto.original import Original
from gradphoto.purge import Purge, Scope
from gradphoto.stages.purge_beyond import Beyond, beyond
from gradphoto.stages.purge_draft import Draft
from gradphoto.stages.purge_refusal import PurgeRefusal, refuse, refuse_unknown
from gradphoto.stages.seasons import load_season
from gradphoto.stages.snapshot import newest_snapshot


@dataclass(frozen=True)
class Listing:
    """What somebody looks at before saying yes."""

    purge: Purge
    files: tuple[Original, ...]
    """That go, copies each by itself."""
    beyond: tuple[Beyond, ...]

    @property
    def digest(self) -> str:
        """12 digits that change with anything on the list."""
        lines = [self.purge.to_lines(), [one._asdict() for one in self.beyond]]
        return digest(json.dumps(lines, sort_keys=True, ensure_ascii=False).encode())[:12]


def purge_list(store: Store, workspace: Path, settings: Settings, scope: Scope) -> Listing:
    """The list of one purge; `PurgeRefusal` in one line when it may not be done now, or there is nothing."""
    snapshot = newest_snapshot(store)
    if not snapshot:
        raise PurgeRefusal("还没有运行过，存储中没有任何照片：请先运行 gradphoto nightly")
    season = load_season(store, snapshot)
    refuse_unknown(season, scope)
    draft = Draft(store, season, scope)
    refuse(store, workspace, settings, season, scope, draft.purge, draft.covered)
    reach = beyond(store, workspace, settings.store, season, draft.purge, draft.covered)
    purge = draft.purge.model_copy(update={"beyond": tuple(one.total for one in reach)})
    return Listing(purge, draft.covered.files, tuple(reach))
