"""From a file to a campaign: a shipped one by its id, or the office's own."""

from pathlib import Path

from config.bad_input import BadInput
from config.campaign import Campaign
from config.campaign_check import contradictions, strict
from config.documents import DocumentTrouble, parse
from config.shipped import Shelf
from config.unreadable import unreadable

SHIPPED = Shelf("campaigns")
CAMPAIGNS = SHIPPED.folder


class CampaignError(BadInput):
    """A campaign that cannot be used; its message is one line for the operator."""


def load_campaign(id_or_path: str | Path, workspace: Path = Path()) -> Campaign:
    """The shipped campaign of that id, or the one in a TOML file; `CampaignError` names file, line and key.

    A path counts from the workspace.
    """
    name, text = read_campaign(id_or_path, workspace)
    return parse_campaign(text, name if is_shipped(name) else str(workspace / name))


def parse_campaign(text: str, where: str) -> Campaign:
    """The campaign that a text says; `where` is how its messages name the file.

    Mistakes in planning (windows that overlap, a centre without one) do not keep a night from its work:
    they are for `config.campaign_check`.
    """
    for mistake in contradictions(text):
        raise CampaignError(f"活动文件 {where} 第{mistake.line}行：{mistake.message}")
    return strict(parse(text.removeprefix("\ufeff")))


def read_campaign(id_or_path: str | Path, workspace: Path = Path()) -> tuple[str, str]:
    """Name and text of a shipped campaign or of a file, to be kept or checked; `CampaignError` names the file."""
    name = str(id_or_path)
    path = workspace / name
    try:
        return name, SHIPPED.text(name, workspace)
    except DocumentTrouble as trouble:
        raise CampaignError(f"活动文件 {path}：{trouble}") from None
    except OSError as trouble:
        why = f"无法读取（{unreadable(trouble)}），请检查名称或路径"
        raise CampaignError(f"活动文件 {path}：{why}") from None


def is_shipped(name: str) -> bool:
    """Whether that is the id of a shipped campaign; an id holds no dot, a file name does."""
    return SHIPPED.holds(name)
