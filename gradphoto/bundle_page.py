"""The page inside a bundle, for whoever opens it without a program: who is on which picture, who is missing, why.

Text from the contents alone, so that the same contents make the same page. It asks nothing of anybody: no script,
nothing from outside, only relative links into the bag. Bytes and their place in the bag belong to the adapters.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from urllib.parse import quote

from gradphoto.bundle import Absent, Change, Contents, Delivery
from gradphoto.bundle_look import STYLES
from gradphoto.bundle_rows import why
from gradphoto.safe_name import printable
from gradphoto.states import STUDENT_WORDS, StudentState

CHANGES = {"added": "新增", "replaced": "更换", "removed": "撤下"}
_DUE = (StudentState.PENDING, StudentState.REJECTED, StudentState.MISSING)
"""Without a portrait, and one is still to come."""
_WHY = ("学号", "姓名", "原因")
_TABLES = ("名单.xlsx", "photos.csv", "missing.csv", "changes.csv")
_WARNING = "内含姓名、学号和照片，仅供本教学点办理毕业事务使用，请妥善保管，不要外传。"
_UNKNOWN = "（不在本版）"


def page(contents: Contents) -> str:
    """The whole document; whatever a roster wrote into a name is text in it and nothing else."""
    title = f"{contents.centre_name} 毕业生照片 第 {contents.version} 版"
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">',
            f"<title>{_text(title)}</title>\n<style>\n{STYLES}\n</style>\n</head>\n<body>",
            *_head(contents),
            *_photos(contents.deliveries),
            *_missing(contents.absent),
            *_changes(contents),
            "</body>\n</html>\n",
        ]
    )


def _head(contents: Contents) -> Iterator[str]:
    yield f"<header>\n<h1>{_text(contents.institution)}{_text(contents.centre_name)} 毕业生照片</h1>"
    yield f'<p class="quiet">照片包 {contents.name}，第 {contents.version} 版。{_WARNING}</p>'
    yield f'<ul class="counts">\n<li>有照片 <b>{len(contents.deliveries)}</b></li>'
    count = Counter(part.state for part in contents.absent)
    yield from (f"<li>{STUDENT_WORDS[state]} <b>{count[state]}</b></li>" for state in StudentState if count[state])
    tables = "、".join(f'<a href="{quote(name)}">{name}</a>' for name in _TABLES)
    yield f"</ul>\n<p>同一内容的表格：{tables}</p>\n</header>\n<main>"


def _photos(deliveries: tuple[Delivery, ...]) -> Iterator[str]:
    yield f"<section>\n<h2>照片（{len(deliveries)} 人）</h2>"
    if deliveries:
        yield from ('<ul class="photos">', *map(_photo, deliveries), "</ul>")
    else:
        yield "<p>本版没有照片。</p>"
    yield "</section>"


def _photo(one: Delivery) -> str:
    taken = one.captured_at[:16].replace("T", " ") or one.session
    return (
        f'<li><figure><a href="photos/{quote(one.file)}"><img src="photos/{quote(one.file)}" '
        f'width="{one.width}" height="{one.height}" loading="lazy" alt="{_text(one.name)}的照片"></a>'
        f"<figcaption><b>{_name(one.name)}</b><span>{_text(one.student_no)}<br>{_text(taken)}</span></figcaption>"
        "</figure></li>"
    )


def _missing(absent: tuple[Absent, ...]) -> Iterator[str]:
    due = [part for part in absent if part.state in _DUE]
    beyond = [part for part in absent if part.state not in _DUE]
    yield f"<section>\n<h2>还没有照片（{len(due)} 人）</h2>"
    yield from _table(_WHY, map(_why_cells, due)) if due else ("<p>没有：应到的学生都有照片。</p>",)
    yield "</section>"
    if beyond:
        yield f"<section>\n<h2>不需要照片（{len(beyond)} 人）</h2>"
        yield from (*_table(_WHY, map(_why_cells, beyond)), "</section>")


def _changes(contents: Contents) -> Iterator[str]:
    yield "<section>\n<h2>与上一版相比</h2>"
    if contents.version == 1:
        yield f"<p>这是第一版，{len(contents.changes)} 张照片都是新增的。</p>"
    elif contents.changes:
        names = {part.student_no: part.name for part in contents.deliveries}
        names |= {part.student_no: part.name for part in contents.absent}
        yield from _table(("学号", "姓名", "照片"), (_change_cells(part, names) for part in contents.changes))
    else:
        yield "<p>照片没有变化，名单或原因有变化。</p>"
    yield "</section>\n</main>"


def _why_cells(part: Absent) -> tuple[str, ...]:
    return _text(part.student_no), _name(part.name), _text(why(part))


def _change_cells(part: Change, names: Mapping[str, str]) -> tuple[str, ...]:
    return _text(part.student_no), _name(names.get(part.student_no, _UNKNOWN)), CHANGES[part.change]


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The cells are HTML already."""
    heads = "".join(f'<th scope="col">{column}</th>' for column in columns)
    yield f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>"
    yield from (f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    yield "</tbody>\n</table>"


def _name(name: str) -> str:
    """Set apart, for a name may be written from right to left."""
    return f"<bdi>{_text(name)}</bdi>"


def _text(text: str) -> str:
    return escape(printable(" ".join(text.split())))
