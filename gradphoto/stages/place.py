"""A workspace that is worked in: its folder, settings and store, opened once and refused in one line."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from config.bad_input import BadInput
from config.campaign import Campaign
from config.campaign_file import load_campaign
from config.settings import FILE, Settings, load_settings
from gradphoto.adapters.store import Store, open_store


class Place:
    """An existing workspace; `BadInput` when the folder is none or its settings are wrong.

    Without `sweep` opening it changes nothing at all in the store.
    """

    def __init__(self, folder: Path, sweep: bool = True) -> None:
        self.folder = folder.absolute()
        if not (self.folder / FILE).is_file():
            raise BadInput(f"{folder} 不是工作区（没有 {FILE}）：请先运行 gradphoto init {folder}")
        self.settings: Settings = load_settings(self.folder)
        self.store_url = absolute_url(self.settings.store, self.folder)
        self.store: Store = open_store(self.store_url, self.folder, sweep)
        self.papers = self.folder
        """Where a night leaves what it writes for people."""

    @cached_property
    def campaign_now(self) -> Campaign:
        """The campaign as it stands in the workspace, which the next run will use."""
        return load_campaign(self.settings.campaign, self.folder)

    @property
    def local_time(self) -> datetime:
        """What o'clock it is where the campaign is."""
        return datetime.now(ZoneInfo(self.campaign_now.timezone))

    def inbox(self, session: str) -> Path:
        """Where what the cameras wrote in a session is put."""
        return self.folder / "inbox" / session

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
        raise BadInput(f"没有{what} {id_!r}，可用的是：{' '.join(known)}")
    return id_
