"""Tables of Markdown, in the language of whoever looks."""

from collections.abc import Iterable, Sequence

from gradphoto.language import heading, shown


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The lines of a table with these headings; none where there are no rows."""
    body = [_row(shown(str(cell)) for cell in row) for row in rows]
    return [_row(map(heading, columns)), "|" + "---|" * len(columns), *body] if body else []


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
