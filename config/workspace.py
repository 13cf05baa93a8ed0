"""What a new workspace holds. Writes nothing itself."""

from importlib.resources import files

from config.campaign_file import read_campaign
from config.settings import FILE

FOLDERS = ("rosters", "inbox", "store")
"""The folders of a new workspace."""

DEFAULT_CAMPAIGN = "ningxia-2023"
"""The shipped campaign of a workspace for which nobody named another."""

MAILING_COLUMNS = ("教学点", "联系人", "办公电话", "移动电话", "详细地址", "需要电子数据", "备注")


def workspace_files(campaign: str = DEFAULT_CAMPAIGN) -> dict[str, str]:
    """Name and text of each file of a new workspace, for a shipped campaign or one in a file; `CampaignError`.

    To be written as UTF-8 with line ends as they are: the CSV has its own, and Excel's byte order mark.
    """
    return {
        FILE: (files("config") / "templates" / FILE).read_text(encoding="utf-8"),
        "campaign.toml": read_campaign(campaign)[1],
        "mailing.csv": "\ufeff" + ",".join(MAILING_COLUMNS) + "\r\n",
    }
