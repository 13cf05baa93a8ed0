"""A workspace with a campaign and a mailing list only, whose inputs are taken as a night takes them."""

from pathlib import Path

from config.settings import load_settings
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.snapshot import load_inputs, take_snapshot

HEAD = "教学点,联系人,办公电话,移动电话,详细地址,需要电子数据,备注\n"
ROW = "盐池学院,王芳,0953-6012345,,宁夏盐池县某路2号,否,\n"


class Office:
    """One workspace and its store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "gradphoto.toml").write_text('campaign = "ningxia-2023"\n', encoding="utf-8")
        self.store = FolderStore(folder / "store")
        self.inputs = self.mail(ROW)

    def mail(self, *rows: str) -> Inputs:
        """Write the mailing list and take a snapshot of it."""
        (self.folder / "mailing.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
        number = take_snapshot(self.store, self.folder, load_settings(self.folder))
        self.inputs = load_inputs(self.store, number)
        return self.inputs
