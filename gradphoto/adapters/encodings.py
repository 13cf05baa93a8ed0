"""In which encoding a text file was written: decided strictly, refused in doubt."""

import codecs
import re

from gradphoto.inputs.problems import Held, SheetError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = re.compile("[\u0800-\U0010ffff]")
_FOREIGN = re.compile("[\u0080-\u00b6\u00b8-\u07ff]")
_MIDDLE_DOT = "\u00b7"


def decode(data: bytes, name: str) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else GB18030; `SheetError` when it is none."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strict(data, encoding)
            break
    else:
        text = _unmarked(data, name)
    if text is None or "\0" in text:
        raise SheetError(Held(file=name, message="不是 UTF-8 或 GB18030 编码的文本，请另存为“CSV UTF-8”"))
    return text


def _unmarked(data: bytes, name: str) -> str | None:
    utf8 = _strict(data, "utf-8")
    if utf8 is None:
        return _strict(data, "gb18030")
    if _suspicious(utf8) and _strict(data, "gb18030") is not None:
        raise SheetError(Held(file=name, message="无法确定是 UTF-8 还是 GB18030 编码，请另存为“CSV UTF-8”"))
    return utf8


def _suspicious(text: str) -> bool:
    """Whether valid UTF-8 may be GB18030 read wrongly: two bytes that happen to be one foreign letter.

    Chinese takes three bytes in UTF-8, so a header of Chinese and nothing foreign speaks for itself. Of the
    two-byte characters only the middle dot of names goes with Chinese.
    """
    header = text.lstrip().partition("\n")[0]
    if _CHINESE.search(header):
        return bool(_FOREIGN.search(header))
    return bool(_FOREIGN.search(text)) or (_MIDDLE_DOT in text and not _CHINESE.search(text))


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
