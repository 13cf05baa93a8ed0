"""Reading sheets that people bring, CSV or XLSX by content and never by name; text stays text.

Nothing is repaired: a file in doubt is refused, and a cell in doubt keeps its fault beside it. What the
columns mean is not known here.
"""

from collections.abc import Callable, Sequence

from gradphoto.adapters.csv_sheets import read_csv
from gradphoto.adapters.xlsx_sheets import read_xlsx
from gradphoto.inputs.problems import Held, SheetError
from gradphoto.inputs.sheet import Row, Sheet

__all__ = ["MAX_BYTES", "Row", "Sheet", "SheetError", "read_sheet"]

MAX_BYTES = 64 * 1024 * 1024
"""Of a file as it comes; 100,000 students are about 15 MB."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_sheet(
    data: bytes, name: str, is_header: Callable[[Sequence[str]], bool] = lambda _headers: True
) -> Sheet:
    """The sheet of a file; its first row that is not blank is the header.

    Of an XLSX the first visible sheet whose header pleases `is_header` is read, else the first that is
    not empty. `SheetError` names the file and the trouble when it cannot be read in full.
    """
    if not data.strip():
        raise SheetError(Held(file=name, message="文件是空的，请重新导出"))
    if len(data) > MAX_BYTES:
        raise SheetError(Held(file=name, message=f"文件超过 {MAX_BYTES >> 20} MB，请拆分后再试"))
    if data.startswith(_OLE):
        raise SheetError(Held(file=name, message="是旧版 .xls 或加了密码，请去掉密码并另存为 .xlsx"))
    return read_xlsx(data, name, is_header) if data.startswith(_ZIP) else read_csv(data, name)
