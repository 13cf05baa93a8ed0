"""XLSX as people save it: text as it is, dates in ISO, numbers only where they are exact.

The archive's directory is weighed before anything is unpacked, and rows and columns are counted while
they are read, so a file made to swell is refused while it is small.
"""

import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Any, NoReturn

from openpyxl import load_workbook

from gradphoto.adapters.xlsx_cells import cell_text
from gradphoto.inputs.problems import Held, SheetError
from gradphoto.inputs.sheet import SOUND, Row, Sheet, blank

MAX_UNPACKED = 400 * 1024 * 1024
"""Bytes of all parts together; 100,000 students are about 60 MB."""
MAX_TAGS = 16_000_000
"""Of XML in all parts together, for each becomes an object; 100,000 students of 20 columns are 13 million."""
MAX_ROWS, MAX_COLUMNS = 1_048_576, 256
_HEADER_WITHIN = 1000
"""Rows: a stray cell in the millionth is no header."""

Line = tuple[int, list[str], dict[int, str]]


def read_xlsx(data: bytes, name: str, is_header: Callable[[Sequence[str]], bool]) -> Sheet:
    """The first visible sheet with a fitting header, else the first that is not empty. `SheetError`."""
    try:
        _weigh(data, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _sheet(load_workbook(BytesIO(data), read_only=True, keep_links=False), name, is_header)
    except SheetError:
        raise
    except Exception as trouble:  # openpyxl lets through whatever its parsers meet in a damaged file
        _refuse(name, f"XLSX 已损坏，无法读取（{type(trouble).__name__}），请用 Excel 重新保存")


def _refuse(name: str, message: str) -> NoReturn:
    raise SheetError(Held(file=name, message=message)) from None


def _weigh(data: bytes, name: str) -> None:
    """What the directory says is a bound: zipfile never unpacks more of a part than it announces."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            _refuse(name, f"XLSX 解压后超过 {MAX_UNPACKED >> 20} MB，请删去多余内容后再保存")
        if sum(_tags(archive, part) for part in archive.infolist()) > MAX_TAGS:
            _refuse(name, f"XLSX 的内容超过 {MAX_TAGS // 10_000} 万个标记，请只留名单本身再保存")


def _tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    with archive.open(part) as file:
        return sum(piece.count(b"<") for piece in iter(lambda: file.read(1 << 20), b""))


def _sheet(book: Any, name: str, is_header: Callable[[Sequence[str]], bool]) -> Sheet:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    headed = [(sheet, *head) for sheet in visible if (head := _header(sheet))]
    fitting = [item for item in headed if is_header(item[2])] or headed[:1]
    if not fitting:
        _refuse(name, f"工作簿的前{_HEADER_WITHIN}行中没有内容，请重新导出")
    sheet, header_row, headers = fitting[0]
    rows = tuple(_rows(sheet, name, header_row, len(headers)))
    return Sheet(name, header_row, headers, rows, tuple(item[0].title for item in fitting[1:]))


def _header(sheet: Any) -> tuple[int, tuple[str, ...]] | None:
    for number, cells, _ in islice(_lines(sheet, 1, MAX_COLUMNS), _HEADER_WITHIN):
        if not blank(cells):
            width = max(index for index, cell in enumerate(cells, 1) if cell.strip())
            return number, tuple(cells[:width])
    return None


def _rows(sheet: Any, name: str, header_row: int, width: int) -> Iterator[Row]:
    for number, cells, faults in _lines(sheet, header_row + 1, width):
        if number > MAX_ROWS:
            _refuse(name, f"超过 {MAX_ROWS} 行，请拆分后再试")
        if faults or not blank(cells):
            yield Row(number, tuple(cells), faults or SOUND)


def _lines(sheet: Any, first: int, width: int) -> Iterator[Line]:
    """Rows from `first` on. Its bounds are given because the size that a sheet claims is often wrong."""
    cells = sheet.iter_rows(min_row=first, max_row=MAX_ROWS + 1, max_col=width)
    for number, row in enumerate(cells, first):
        texts = [cell_text(cell) for cell in row]
        faults = {index: fault for index, (_, fault) in enumerate(texts) if fault}
        yield number, [text for text, _ in texts], faults
