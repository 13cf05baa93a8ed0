"""`docs/notice.md` serves the whole notice: every sentence once and in order, and whatever it names is there."""

import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from config.campaign_file import load_campaign, read_campaign
from tests.test_docs import COMMANDS, ROOT, table_rows, text

CAMPAIGN = load_campaign("ningxia-2023")
TOML: dict[str, Any] = tomllib.loads(read_campaign("ningxia-2023")[1])
NOTICE = (Path(__file__).parent / "data" / "notice-2023.txt").read_text(encoding="utf-8")
PAGE = text("docs/notice.md")
ROWS = [cells for cells in table_rows(PAGE) if cells[0] != "通知原文"]


def close(words: str) -> str:
    """Without spaces and line ends, which the notice has wherever its pages were broken."""
    return "".join(words.split())


def anchors(path: Path) -> set[str]:
    """What a link may have behind `#`: the headings, as they are written in addresses."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_sentence_of_the_notice_stands_in_the_table_once_and_in_order() -> None:
    assert close(NOTICE) == close("".join(cells[0] for cells in ROWS))


def test_a_row_is_one_sentence() -> None:
    assert [] == [cells[0] for cells in ROWS if re.search("[。；]", cells[0][:-1])]


def test_every_row_says_what_serves_it_and_what_only_people_can_do() -> None:
    assert [] == [cells for cells in ROWS if len(cells) != 3 or not all(cells)]


def test_every_command_it_links_is_one_under_its_own_words() -> None:
    links = re.findall(r"\[`([a-z ]+)`\]\(commands\.md#gradphoto-([a-z-]+)\)", PAGE)
    assert len(links) > 40
    assert [] == [words for words, anchor in links if words.replace(" ", "-") != anchor]
    assert set() == {words for words, _ in links} - set(COMMANDS)


def test_every_option_it_names_is_one_of_the_command_before_it() -> None:
    named = re.findall(r"\[`([a-z ]+)`\]\(commands\.md#[a-z-]+\) `(--[a-z-]+)`", PAGE)
    named += re.findall(r"`([a-z]+) (--[a-z-]+)`", PAGE)
    assert named
    for words, option in named:
        assert option in {each for one in COMMANDS[words].params for each in one.opts}, (words, option)


def test_every_link_leads_to_a_chapter() -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", PAGE):
        name, _, anchor = target.partition("#")
        path = ROOT / "docs" / name
        assert path.is_file(), target
        assert not anchor or anchor in anchors(path), target


@pytest.mark.parametrize("key", sorted(set(re.findall("`campaign: ([^`…]+)`", PAGE))))
def test_every_key_it_names_stands_in_the_campaign(key: str) -> None:
    table, _, name = key.partition(" ")
    if name:
        field = {"requirements": "number", "checklist": "id"}[table]
        assert name in [one[field] for one in TOML[table]]
    else:
        assert values(TOML, key.split(".")), key


def values(table: Any, path: list[str]) -> list[Any]:
    """Whatever stands there in the file, in any table of an array."""
    if isinstance(table, list):
        return [each for one in table for each in values(one, path)]
    if not path:
        return [table]
    return values(table[path[0]], path[1:]) if path[0] in table else []


def test_every_requirement_and_every_item_of_the_checklist_is_served_in_its_own_row() -> None:
    for one in CAMPAIGN.requirements:
        (row,) = (cells for cells in ROWS if f"`campaign: requirements {one.number}`" in cells[1])
        assert close(one.text) in close(row[0])
        own = {each.id for each in CAMPAIGN.checklist if each.requirement == one.number}
        assert own == set(re.findall("`campaign: checklist ([a-z-]+)`", row[1]))
    items = re.findall("`campaign: checklist ([a-z-]+)`", PAGE)
    assert sorted(each.id for each in CAMPAIGN.checklist) == sorted(items)


def test_every_window_has_a_row_with_its_session_times_and_what_was_inferred() -> None:
    rows = [(close(cells[0]), cells) for cells in ROWS if "`session: " in cells[1]]
    for session in CAMPAIGN.sessions:
        for window in session.windows:
            name = "零星" if window.centre == "*" else close(CAMPAIGN.centre(window.centre).name)
            (row,) = (cells for quote, cells in rows if re.match(rf"\d*{name}[^学]", quote))
            assert f"`session: {session.id}`" in row[1]
            assert ("`inferred`" in row[2]) == bool(window.inferred)
            times = f"{clock(window.start)}—{clock(window.end)}"
            assert times in close(row[0])
            assert window.inferred or close(session.address) in close(row[0])


def clock(at: datetime) -> str:
    """As the notice prints it, with 上午 or 下午 before it."""
    return f"{(at.hour - 1) % 12 + 1}:{at:%M}"


def test_every_reason_and_check_it_names_is_known() -> None:
    reasons = {cells[0].strip("`") for cells in table_rows(text("docs/commands.md"))}
    checks = {cells[0].strip("`") for cells in table_rows(text("docs/checks.md"))}
    named = [cells[1] for cells in ROWS if "requirements 2.3.4(" in cells[1]]
    for cell in named:
        for kind, words in re.findall(r"(check|reasons?) ((?:`[a-z-]+`(?:, )?)+)", cell):
            known = checks if kind == "check" else reasons
            assert set(re.findall("`([a-z-]+)`", words)) <= known, cell
    for one in CAMPAIGN.requirements:
        if one.refuses:
            (cell,) = (each for each in named if f"requirements {one.number}`" in each)
            assert all(f"`{reason}`" in cell for reason in one.refuses)
