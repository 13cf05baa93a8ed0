"""The documents: whatever can be typed, read or listened to is documented, and what is documented is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.campaign_readiness import SHOW
from cli.desk import OPEN
from cli.main import app
from config.spec import load_spec
from gradphoto.discrepancy import TEXTS
from gradphoto.states import CENTRE_WORDS, FILE_WORDS, STUDENT_WORDS

ROOT = Path(__file__).parent.parent
DOCS = sorted([*ROOT.glob("*.md"), ROOT / "NOTICE", *(ROOT / "docs").rglob("*.md")])
TOLD_ONCE = {"--workspace", "--help"}
"""Options that the head of commands.md explains for every command."""


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(command: Any, *words: str) -> Iterator[tuple[str, Any]]:
    """Every command of the program by the words that are typed, groups too."""
    if words:
        yield " ".join(words), command
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, *words, name)


COMMANDS = dict(commands(typer.main.get_command(app)))


def sections(document: str) -> dict[str, str]:
    """The text below each heading that names a command, by the command's words."""
    parts = re.split(r"^#+ (.+)$", document, flags=re.MULTILINE)
    titled = zip(parts[1::2], parts[2::2], strict=True)
    return {title.removeprefix("gradphoto "): body for title, body in titled if title.startswith("gradphoto ")}


def table_rows(document: str) -> Iterator[list[str]]:
    for line in document.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def typed(document: str) -> Iterator[str]:
    """What the fenced blocks have a reader type after `gradphoto`."""
    for block in re.findall(r"^```\w*\n(.*?)^```", document, flags=re.MULTILINE | re.DOTALL):
        yield from re.findall(r"(?:^|[ /])gradphoto ([a-z].*)$", block, flags=re.MULTILINE)


def emitted() -> set[str]:
    """The names of events, as they stand in the flows."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "flows").glob("*.py"))
    words = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {word for word in words if isinstance(word, str) and re.fullmatch(r"gradphoto\.[a-z]+\.[a-z]+", word)}


def journals() -> set[str]:
    """The first segment of every record's key, as the code writes it."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "gradphoto").rglob("*.py"))
    return set(re.findall(r'Journal\(store, f?"([a-z]+)', code))


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    assert set(COMMANDS) == set(sections(text("docs/commands.md")))


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_is_documented_with_its_command(words: str) -> None:
    options = {option for each in COMMANDS[words].params for option in each.opts if option.startswith("--")}
    section = sections(text("docs/commands.md"))[words]

    assert set() == {option for option in options - TOLD_ONCE if option not in section}


def command_of(line: str) -> Any:
    """The command that begins so; a group that one command is short for is that command."""
    words = line.split()
    named = [" ".join(words[:many]) for many in range(3, 0, -1)]
    meant = [each for one in named for each in (one, f"{one} {OPEN}", f"{one} {SHOW}") if each in COMMANDS]
    alone = [COMMANDS[one] for one in meant if not getattr(COMMANDS[one], "commands", {})]
    assert alone, f"{line!r} is no command, or stops at a group"
    return alone[0]


def shown(document: str) -> Iterator[str]:
    """The commands that stand in a line of text or a table."""
    yield from re.findall(r"`gradphoto ([a-z][^`]*)`", document)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_what_a_document_has_a_reader_type_can_be_typed(path: Path) -> None:
    for line in typed(path.read_text(encoding="utf-8")):
        known = {option for each in command_of(line).params for option in each.opts}

        assert set() == set(re.findall(r"--[a-z-]+", line)) - known, line


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_every_command_in_the_tables_of_a_readme_can_be_typed(name: str) -> None:
    lines = list(shown(text(name)))
    assert len(lines) > 40
    for line in lines:
        known = {option for each in command_of(line).params for option in each.opts}

        assert set() == set(re.findall(r"--[a-z-]+", line)) - known, line


def test_the_chinese_readme_quotes_the_program() -> None:
    """Whoever looks for what is on the screen finds it there: each line's words stand in the program."""
    table = text("README.zh.md").partition("| 程序说 | 怎么办 |")[2].partition("\n\n")[0]
    quoted = [cells[0] for cells in table_rows(table) if set(cells[0]) != {"-"}]
    code = [
        path.read_text(encoding="utf-8")
        for top in ("cli", "gradphoto", "config")
        for path in (ROOT / top).rglob("*.py")
    ]
    said = "".join(code)

    assert quoted
    assert [] == [words for words in quoted if words not in said]


def test_the_readmes_tell_the_same_program() -> None:
    """Every command and group is told to the operators, but for two that only look deeper; none to them alone."""
    english, chinese = (
        {line.split()[0] for line in (*typed(text(name)), *shown(text(name)))}
        for name in ("README.md", "README.zh.md")
    )

    assert {"demo", "ingest", "captures"} == {name.split()[0] for name in COMMANDS} - chinese
    assert set() == chinese - english


def test_the_readme_gives_the_two_commands_of_make_on_lines_of_their_own() -> None:
    lines = text("README.md").splitlines()

    assert {"make demo", "make test"} <= set(lines)


def test_every_discrepancy_is_documented_in_the_words_of_the_program() -> None:
    rows = table_rows(text("docs/discrepancies.md"))
    documented = {cells[0].strip("`"): cells[1] for cells in rows if cells[0].startswith("`")}

    assert TEXTS == documented


def test_every_state_is_in_the_glossary() -> None:
    rows = {(cells[0], cells[1]) for cells in table_rows(text("docs/glossary.md"))}

    for words in (FILE_WORDS, STUDENT_WORDS, CENTRE_WORDS):
        assert set() == {(f"`{state.value}`", word) for state, word in words.items()} - rows


def test_every_bound_of_the_shipped_profile_is_documented() -> None:
    documented: dict[str, list[tuple[str, str]]] = {}
    code = ""
    for cells in table_rows(text("docs/checks.md")):
        if len(cells) == 4 and cells[3] in ("refuse", "person", "hint"):
            code = cells[0].strip("`") or code
            documented.setdefault(code, []).append((cells[2], cells[3]))

    assert {code: [_as_written(bound) for bound in bounds] for code, bounds in bounds_by_code()} == documented


def bounds_by_code() -> Iterator[tuple[str, list[tuple[float | None, float | None, str]]]]:
    for code, bounds in load_spec("chsi-2017").checks.items():
        yield code, [(bound.low, bound.high, bound.means) for bound in bounds]


def _as_written(bound: tuple[float | None, float | None, str]) -> tuple[str, str]:
    low, high, means = bound
    if low is not None and high is not None:
        return f"≠ {low:g}", means
    return (f"> {high:g}" if low is None else f"< {low:g}"), means


def test_every_event_is_documented() -> None:
    documented = {cells[0].strip("`") for cells in table_rows(text("docs/operations.md"))}

    assert emitted()
    assert set() == emitted() - documented


def test_every_kind_of_record_is_among_the_keys_of_the_store() -> None:
    documented = {cells[0].strip("`").split("/")[0] for cells in table_rows(text("docs/store.md"))}

    assert journals()
    assert set() == journals() - documented


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]

    assert [] == [target for target in local if not (path.parent / target).exists()]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_a_document_names_no_machine(path: Path) -> None:
    machine = r"/(?:work|tmp|home|root|mnt)/\S*|(?:index-url|find-links)\S*|https?://\S*/simple\b\S*"

    assert [] == re.findall(machine, path.read_text(encoding="utf-8"))
