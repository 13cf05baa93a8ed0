"""The workspace a command works in: its folder, settings and store, opened once and refused in one line."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.problem import Problem
from config.campaign import Campaign
from config.campaign_file import load_campaign
from config.settings import Settings, load_settings
from gradphoto.adapters.store import Store, open_store
from gradphoto.courier import Sender, sender_of
from gradphoto.matching.ledger import Ledger
from gradphoto.packed import Packed
from gradphoto.stages.consign import bundles_of
from gradphoto.stages.season import Season, build_season
from gradphoto.stages.snapshot import current_inputs

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", envvar="GRADPHOTO_WORKSPACE", help="工作区文件夹", show_default="当前文件夹")
]
JsonOption = Annotated[bool, typer.Option("--json", help="只输出一份JSON")]


class Workspace:
    """An existing workspace; `Problem` when the folder is none or its settings are wrong.

    Without `sweep` opening it changes nothing at all in the store.
    """

    def __init__(self, folder: Path, sweep: bool = True) -> None:
        self.folder = folder.absolute()
        if not (self.folder / "gradphoto.toml").is_file():
            raise Problem(f"{folder} 不是工作区（没有 gradphoto.toml）：请先运行 gradphoto init {folder}")
        self.settings: Settings = load_settings(self.folder)
        self.store_url = absolute_url(self.settings.store, self.folder)
        self.store: Store = open_store(self.store_url, self.folder, sweep)
        self.papers = self.folder
        """Where a night leaves what it writes for people."""

    @cached_property
    def season(self) -> Season:
        """The season with the inputs of the last run, or before it with those of the workspace."""
        return build_season(self.store, current_inputs(self.store, self.folder, self.settings))

    @property
    def campaign(self) -> Campaign:
        """The campaign of the season."""
        return self.season.inputs.campaign

    @cached_property
    def bundles(self) -> dict[str, Packed]:
        """The newest bundle of each centre that has one."""
        return bundles_of(self.store, self.campaign)

    @cached_property
    def ledger(self) -> Ledger:
        """The state of every file and student."""
        return self.season.ledger(self.bundles.values())

    @property
    def sender(self) -> Sender:
        """Who stands as the sender on the courier's sheet."""
        return sender_of(self.settings)

    @cached_property
    def campaign_now(self) -> Campaign:
        """The campaign as it stands in the workspace, which the next run will use."""
        return load_campaign(self.settings.campaign, self.folder)

    @property
    def now(self) -> str:
        """What o'clock it is where the campaign is, for people only."""
        return datetime.now(ZoneInfo(self.campaign.timezone)).isoformat(timespec="seconds")

    def session(self, id_: str) -> str:
        """The id itself when the campaign has that session."""
        return _known(id_, [session.id for session in self.campaign_now.sessions], "场次")

    def centre(self, id_: str) -> str:
        """The id itself when the campaign has that centre."""
        return _known(id_, [centre.id for centre in self.campaign_now.centres], "中心")


def absolute_url(url: str, folder: Path) -> str:
    """A store's address that means the same from every folder and process."""
    kind, _, path = url.partition(":")
    return f"file:{(folder / path).as_posix()}" if kind == "file" else url


def _known(id_: str, known: Iterable[str], what: str) -> str:
    if id_ not in known:
        raise Problem(f"没有{what} {id_!r}，可用的是：{' '.join(known)}")
    return id_
