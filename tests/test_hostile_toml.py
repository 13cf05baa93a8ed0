"""Settings, campaigns and profiles with anything at all in them: taken, or one Chinese line with file and key."""

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from config.bad_input import BadInput
from config.campaign_check import check_campaign
from config.campaign_file import load_campaign
from config.settings import load_settings
from config.spec import load_spec

Load = Callable[[Path], object]
Place = tuple[str | int, ...]

SETTINGS = """
campaign = "campaign.toml"
store = "file:store"
spec = "chsi-2017"
artist = ""
copyright = ""
operator = ""
photo_name = "{student_no}"
workers = 2
shard_size = 200
sender_company = ""
sender_name = ""
sender_phone = ""
sender_address = ""
"""


def shipped(name: str) -> str:
    return (files("config") / name).read_text(encoding="utf-8")


KINDS: dict[str, tuple[str, str, Load]] = {
    "gradphoto.toml": (SETTINGS, "gradphoto.toml", load_settings),
    "campaign.toml": (
        shipped("campaigns/ningxia-2023.toml"),
        "campaign.toml",
        lambda at: load_campaign("campaign.toml", at),
    ),
    "own.toml": (shipped("specs/chsi-2017.toml"), "own.toml", lambda at: load_spec("own.toml", at)),
}
VALUES = [
    "{}", "[]", '""', '"x"', "0", "-1", "7", "0.5", "true", "nan", "inf", "-inf", "1e400", "9" * 400,
    "0x" + "f" * 9000, "2023-07-02", "2023-07-02T10:00:00", "2023-07-02T10:00:00Z", "10:00:00",
    '"\\u0000"', '"\\u001b[2J"', "[[[1]]]", "{ a = { b = 1 } }",
]  # fmt: skip


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """The way to everything in a document, tables and lists too."""
    if place:
        yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*place, key))


def shape(place: Place) -> Place:
    """The same for every item of a list: one of them is tried."""
    return tuple(0 if isinstance(part, int) else part for part in place)


def written(value: Any) -> str:
    """A value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, str):
        return '"' + "".join(rf"\U{ord(char):08x}" for char in value) + '"'
    return (
        str(value).lower()
        if isinstance(value, bool)
        else value.isoformat()
        if isinstance(value, date | datetime)
        else repr(value)
    )


class Raw:
    """A piece of TOML that stands for itself."""

    def __init__(self, text: str) -> None:
        self.text = text


def replaced(value: Any, place: Place, by: str) -> Any:
    if not place:
        return Raw(by)
    items = dict(value) if isinstance(value, dict) else list(value)
    items[place[0]] = replaced(items[place[0]], place[1:], by)  # type: ignore[call-overload]
    return items


def refusal(folder: Path, name: str, text: str | bytes, load: Load) -> str | None:
    """The line that says why, None when it was taken."""
    data = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(data)
    try:
        load(folder)
    except BadInput as trouble:
        return str(trouble)
    return None


def assert_plain(line: str | None, name: str) -> None:
    """One line that names the file, without a word of Python or of a library."""
    assert line is not None
    assert 1 == len(line.splitlines())
    assert name in line
    assert not re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}|Error|Exception", line), line
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line), repr(line)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_with_a_value_of_every_other_type_is_refused_by_its_name_or_means_what_it_says(
    kind: str, tmp_path: Path, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    text, name, load = KINDS[kind]
    document = tomllib.loads(text)
    tried = {shape(place): place for place in reversed(list(places(document)))}
    jobs = [(place, value) for place in sorted(tried.values(), key=str) for value in VALUES]
    step = max(1, len(jobs) // amount(80, 100_000))
    refused = 0
    for place, value in jobs[::step]:
        changed = replaced(document, place, value)
        spoiled = "".join(f"{key} = {written(item)}\n" for key, item in changed.items())
        line = refusal(tmp_path, name, spoiled, load)
        if line is not None:
            refused += 1
            assert_plain(line, name)
            assert str(next(part for part in place if isinstance(part, str))) in line, (place, value, line)
    figure(f"{kind}: {len(jobs[::step])} values, {refused} refused")


def test_what_was_written_again_without_a_change_is_taken(tmp_path: Path) -> None:
    for text, name, load in KINDS.values():
        same = "".join(f"{key} = {written(item)}\n" for key, item in tomllib.loads(text).items())
        assert None is refusal(tmp_path, name, same, load)


DEEP = 10_000
BOMBS: list[str | bytes] = [
    "a = " + "[" * DEEP + "]" * DEEP,
    ".".join("a" * (DEEP // 5)) + " = 1",
    "[" + ".".join("a" * (DEEP // 5)) + "]",
    "a = " + "{ a = " * DEEP + "1" + "}" * DEEP,
    "a = " + "[" * 30 + "]" * 30,
    "a = " + "9" * 5000,
    "a = 1\na = 2",
    "a = \nb = " + "[" * DEEP + "]" * DEEP,
    "[a]\n[a]",
    'a = "\\ud800"',
    "a = 2023-02-30",
    b"a = '\xff\xfe'",
    b"\xff\xfea\0 \0=\0",
    b"\0" * 5000,
    b"a = '" + b"x" * (5 << 20) + b"'",
    "[" * DEEP,
    "a = '''",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", range(len(BOMBS)))
def test_a_text_made_to_break_the_reader_is_refused_in_one_line(kind: str, number: int, tmp_path: Path) -> None:
    _, name, load = KINDS[kind]
    assert_plain(refusal(tmp_path, name, BOMBS[number], load), name)


@pytest.mark.parametrize("number", [number for number, bomb in enumerate(BOMBS) if isinstance(bomb, str)])
def test_the_check_of_a_campaign_finds_a_mistake_in_any_text(number: int) -> None:
    bomb = BOMBS[number]
    assert isinstance(bomb, str)
    assert check_campaign(bomb)
