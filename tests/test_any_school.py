"""Nothing of one school is in the code: what is particular of a campaign stands in its file.

Looked at are names and texts of the program as they run, not docstrings and comments, which give examples; the
sample night of `gradphoto/demo/` is one of the default campaign and is not looked at.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.campaign_file import CAMPAIGNS, load_campaign
from config.student_numbers import StudentNumbers

ROOT = Path(__file__).parent.parent
FOLDERS = ("gradphoto", "flows", "tasks", "portal", "cli")
PAGES = {".html", ".js", ".css", ".txt", ".svg"}
SHIPPED = sorted(one.name.removesuffix(".toml") for one in CAMPAIGNS.iterdir())
PROVINCES = ROOT / "gradphoto" / "address_check.py"
"""Has the list of all provinces."""


def particulars(name: str) -> re.Pattern[str]:
    """What only that school's campaign may say, as whole words."""
    campaign = load_campaign(name)
    words = {campaign.id, campaign.institution, campaign.contact.person, campaign.contact.department}
    words |= {campaign.contact.phone, campaign.contact.email, f"{campaign.parcel_prefix}-", name.split("-")[0]}
    words |= {text for centre in campaign.centres for text in (centre.id, centre.name, *centre.aliases)}
    words |= {text for session in campaign.sessions for text in (session.id, session.address)}
    words |= {campaign.notice.number, campaign.notice.issuer} if campaign.notice else set()
    words |= {"宁夏", "新华社"} if name.startswith("ningxia") else set()
    numbers = campaign.student_numbers
    numbered = [_numbered(numbers)] if numbers else []
    whole = [
        rf"(?<![a-z]){re.escape(word)}" + (r"(?![a-z])" if word[-1].isalnum() else "") for word in words if word
    ]
    return re.compile("|".join([*sorted(whole, key=len, reverse=True), *numbered]))


def _numbered(numbers: StudentNumbers) -> str:
    """How that school's student numbers begin, also without the year where the rest is long enough to be one."""
    year = "(?:[0-9]{2})?" if len(numbers.province) > 2 else "[0-9]{2}"
    return rf"(?<![0-9]){year}{numbers.province}(?:{'|'.join(numbers.levels)})"


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of whatever the program says or is called there."""
    if path.suffix != ".py":
        yield from enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    assert any(isinstance(node, kinds) for node in ast.walk(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.lineno, node.value
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id.lower()
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name.lower()


def files() -> list[Path]:
    found = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")))
    return [path for path in found if path.suffix in PAGES | {".py"} and "demo" not in path.parts]


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_of_a_shipped_campaign_stands_in_the_code(name: str) -> None:
    found, words = [], particulars(name)
    for path in files():
        for line, text in texts(path):
            hit = words.search(text)
            if hit and not (path == PROVINCES and hit[0] == "宁夏"):
                found.append(f"{path.relative_to(ROOT)}:{line}: {hit[0]}")
    assert [] == found


@pytest.mark.parametrize(
    "planted", ['X = "NX-1"', 'X = "宁夏"', "yanchi = 1", 'X = f"21640012{1}"', 'X = "盐池学院"']
)
def test_it_would_be_found(planted: str, tmp_path: Path) -> None:
    path = tmp_path / "planted.py"
    path.write_text(planted, encoding="utf-8")
    assert any(particulars("ningxia-2023").search(text) for _, text in texts(path))
