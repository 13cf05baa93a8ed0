"""The workspace a command works in, with everything that its store knows, read when it is asked for."""

from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.problem import Problem
from config.campaign import Campaign
from gradphoto.courier import Sender, sender_of
from gradphoto.matching.ledger import Ledger
from gradphoto.packed import Packed
from gradphoto.purges import purged
from gradphoto.stages.consign import bundles_of
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.place import Place
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import build_season
from gradphoto.stages.snapshot import current_inputs

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", envvar="GRADPHOTO_WORKSPACE", help="工作区文件夹", show_default="当前文件夹")
]
JsonOption = Annotated[bool, typer.Option("--json", help="只输出一份JSON")]


class Workspace(Place):
    """A workspace and what its store knows."""

    @cached_property
    def inputs(self) -> Inputs:
        """Those of the last run, or before it those of the workspace."""
        return current_inputs(self.store, self.folder, self.settings)

    @cached_property
    def season(self) -> Season:
        """The season with these inputs. It takes all records, so whoever can do without it does."""
        return build_season(self.store, self.inputs)

    @property
    def campaign(self) -> Campaign:
        """The campaign of the season."""
        return self.inputs.campaign

    @cached_property
    def bundles(self) -> dict[str, Packed]:
        """The newest bundle of each centre that has one."""
        return bundles_of(self.store, self.campaign)

    @cached_property
    def ledger(self) -> Ledger:
        """The state of every file and student."""
        return self.season.ledger(self.bundles.values())

    def bundle(self, centre: str) -> Packed:
        """The newest bundle of a centre; `Problem` when it has none, or none any more."""
        packed = self.bundles.get(centre)
        if packed is None:
            self.refuse_purged(centre)
            raise Problem(f"中心 {centre} 还没有照片包：请先运行 gradphoto nightly")
        return packed

    def refuse_purged(self, centre: str) -> None:
        """`Problem` where everything of the centre was destroyed."""
        if centre in purged(self.store).centres:
            raise Problem(f"中心 {centre} 的照片已经销毁，见 reports/ 中的销毁回执")

    def refuse_unread(self, centre: str) -> None:
        """`Problem` where pictures of the bundle were not read by this release, for they would be left out."""
        packed = self.bundles.get(centre)
        deliveries = packed.deliveries if packed else ()
        unread = {one.session for one in deliveries if one.source_sha256 not in self.season.readings}
        if unread:
            sessions = [one.id for one in self.campaign_now.sessions if one.id in unread]
            again = " ".join(("gradphoto nightly", *sessions))
            raise Problem(f"中心 {centre} 的照片还没有由现在的版本读取，请先运行 {again}")

    @property
    def sender(self) -> Sender:
        """Who stands as the sender on the courier's sheet."""
        return sender_of(self.settings)

    @property
    def now(self) -> str:
        """What o'clock it is where the campaign is, for people only."""
        return datetime.now(ZoneInfo(self.campaign.timezone)).isoformat(timespec="seconds")
