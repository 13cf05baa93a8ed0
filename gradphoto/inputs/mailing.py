"""Where each centre's prints go: one address a centre, and whether a courier can use it."""

from collections import defaultdict
from collections.abc import Iterator

from config.campaign import Campaign
from config.frozen import Frozen
from config.lookup import find_centre
from gradphoto.inputs.columns import MAILING, YES_NO
from gradphoto.inputs.problems import Held, SheetError
from gradphoto.inputs.table import Line, read_table

SHORT, LONG = 30, 100
"""Characters that a courier takes in a name or number, and in an address."""
FORBIDDEN = "'\"#&+<>%\\"
"""Characters that a courier's system refuses."""

SAID = "地址记录"
"""What an address has for its file that is no row of the list: a record of `addresses/`."""

_TITLES = {column.key: column.title for column in MAILING}
_YES_NO = YES_NO | {"": False}


class Address(Frozen):
    """One centre's row. Every field is the list's own text but for `electronic`."""

    contact: str = ""
    phone: str = ""
    mobile: str = ""
    address: str = ""
    electronic: bool = False
    """Whether the centre asked for the files too."""
    note: str = ""
    ref: str = ""
    """`<file>:<row>` of the mailing list; for what a centre said itself `地址记录:<number>`."""

    @property
    def where(self) -> str:
        """Where it stands, as a message begins.

        >>> Address(ref="mailing.csv:2").where, Address(ref="地址记录:5").where
        ('mailing.csv 第2行', '地址记录 5')
        """
        file, _, row = self.ref.rpartition(":")
        return f"{file} {row}" if file == SAID else f"{file} 第{row}行"

    @property
    def unusable(self) -> str | None:
        """In Chinese why a courier cannot use it; None when nothing stands against it."""
        return next((why for _, why in self.troubles()), None)

    def troubles(self) -> Iterator[tuple[str, str]]:
        """Every reason with the key of its field."""
        if not self.contact:
            yield "contact", "没有联系人"
        if not (self.phone or self.mobile):
            yield "phone", "没有办公电话，也没有移动电话"
        if not self.address:
            yield "address", "没有详细地址"
        for key, limit in (("contact", SHORT), ("phone", SHORT), ("mobile", SHORT), ("address", LONG)):
            text = getattr(self, key)
            if len(text) > limit:
                yield key, f"{_TITLES[key]}超过{limit}个字符"
            if refused := sorted(set(text) & set(FORBIDDEN)):
                yield key, f"{_TITLES[key]}含有快递系统不接受的字符 {' '.join(refused)}"
            if not text.isprintable():
                yield key, f"{_TITLES[key]}含有换行或看不见的字符"


def read_mailing(data: bytes, name: str, campaign: Campaign) -> tuple[dict[str, Address], list[Held]]:
    """The addresses by centre in the campaign's order, and what is held.

    Rows of one centre that differ are all held: the last one does not silently win. A list that cannot be
    read is held as row 0.
    """
    try:
        table = read_table(data, name, MAILING)
    except SheetError as trouble:
        return {}, [trouble.held.model_copy(update={"row": 0})]
    found: defaultdict[str, list[tuple[int, Address | None]]] = defaultdict(list)
    held = [Held(file=name, message=f"工作表“{title}”也像邮寄表，但未读取") for title in table.unread]
    for line in table.lines:
        centre = find_centre(campaign, line.values["centre"])
        troubles = _troubles(line, name, known=centre is not None)
        held.extend(troubles)
        if centre:
            found[centre.id].append((line.number, None if troubles else _address(line, name)))
    held.extend(_differing(found, name))
    return {centre.id: address for centre in campaign.centres if (address := _one(found[centre.id]))}, held


def _troubles(line: Line, name: str, known: bool) -> list[Held]:
    centre, electronic = line.values["centre"], line.values["electronic"]
    messages = {
        "centre": "" if known else f"没有 {centre[:60]!r} 这个教学点，请按通知中的名称填写",
        "electronic": "" if electronic in _YES_NO else f"只能填 是 或 否，实为 {electronic[:60]!r}",
    }
    return [*line.faults] or [
        Held(file=name, row=line.number, column=_TITLES[key], message=message)
        for key, message in messages.items()
        if message
    ]


def _address(line: Line, name: str) -> Address:
    values = {key: text for key, text in line.values.items() if key != "centre"}
    electronic = _YES_NO[line.values["electronic"]]
    return Address.model_validate({**values, "electronic": electronic, "ref": f"{name}:{line.number}"})


def _one(rows: list[tuple[int, Address | None]]) -> Address | None:
    """The address on which all rows of a centre agree."""
    contents = {address and address.model_copy(update={"ref": ""}) for _, address in rows}
    return rows[0][1] if len(contents) == 1 else None


def _differing(found: dict[str, list[tuple[int, Address | None]]], name: str) -> Iterator[Held]:
    for rows in found.values():
        if len(rows) > 1 and _one(rows) is None:
            for number, _ in rows:
                others = "、".join(f"第{other}行" for other, _ in rows if other != number)
                message = f"与{others}是同一教学点而内容不同，均未采用，请只保留一行"
                yield Held(file=name, row=number, column=_TITLES["centre"], message=message)
