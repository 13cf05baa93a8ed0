"""Where a centre's prints go, as people said it one after the other: the word that counts, and what is odd. Pure.

A centre says it on site, on the page, or by telephone to the operator; the mailing list says it too. The latest
word wins, whatever its way in. Order is told by records, never by a clock: each word notes what the mailing list
said of the centre then, so a row that reads otherwise now was changed later.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from config.frozen import Frozen
from gradphoto.inputs.mailing import SAID, Address
from gradphoto.phone import is_mobile, is_phone

Way = Literal["site", "portal", "operator"]
MAILING = "mailing"
WAY_WORDS: Mapping[str, str] = {
    "site": "现场登记",
    "portal": "网页填报",
    "operator": "操作员代填",
    MAILING: "邮寄名单",
}
_CONTENTS = ("contact", "phone", "mobile", "address", "electronic")
"""What two words must agree on. A remark is not among them: those of both are kept."""

EDITED = "邮寄名单后来改过，与教学点自己说的地址不一致，现按邮寄名单，请与教学点核实"
CHANGED = "放行之后地址有变更，请核对快递单"


class AddressSaid(Frozen):
    """What somebody said for a centre. `signature` is the name of who answers for it, `at` is for people only."""

    centre: str
    contact: str = ""
    phone: str = ""
    mobile: str = ""
    address: str = ""
    electronic: bool = False
    """Whether the centre asks for the files too."""
    note: str = ""
    signature: str = ""
    way: Way
    who: str
    """Who wrote it down: the operator, or the invite's id."""
    at: str = ""


class Confirmation(Frozen):
    """The operator's word on electronic delivery to a centre; `contents` are those that it was given for."""

    centre: str
    yes: bool
    contents: str
    who: str
    at: str = ""


class AddressRecord(Frozen):
    """One record: somebody's word, or a confirmation, and the mailing list that stood beside it."""

    said: AddressSaid | None = None
    confirmation: Confirmation | None = None
    snapshot: int = 0
    """Of the inputs; 0 before the first run."""
    row: str = ""
    """The contents of the centre's row then; empty when there was none."""

    @property
    def centre(self) -> str:
        """Whose address it is about."""
        one = self.said or self.confirmation
        return one.centre if one else ""


Records = Sequence[tuple[int, AddressRecord]]
"""Each with its number, in order."""


class Known(Frozen):
    """The address in force for one centre, how it came, and what somebody should look at."""

    centre: str
    address: Address
    way: str
    """`site`, `portal`, `operator`, or `mailing` for a row of the mailing list."""
    who: str = ""
    at: str = ""
    signature: str = ""
    record: int = 0
    """Of `addresses/`; 0 for the mailing list."""
    said: AddressSaid | None = None
    """The centre's last own word, in force or not."""
    row: Address | None = None
    """The row of the mailing list, in force or not."""
    edited: bool = False
    """Whether the mailing list was changed after the centre's word and disagrees with it."""
    confirmed: bool = False
    """Whether the operator confirmed electronic delivery for what is in force."""
    parcels: tuple[str, ...] = ()
    """Released to another address and not received yet."""

    @property
    def after_release(self) -> bool:
        """Whether the address changed after a parcel was released to it."""
        return bool(self.parcels)

    @property
    def downloads(self) -> bool:
        """Whether the centre may fetch its files: it asked for them, and the operator confirmed that after."""
        return self.address.electronic and self.confirmed

    @property
    def doubts(self) -> tuple[str, ...]:
        """What looks wrong about its numbers, each a Chinese line; only a row of the list can be so."""
        return tuple(_doubts(self.address))

    @property
    def flags(self) -> tuple[str, ...]:
        """What is odd, each a Chinese line."""
        changed = f"{CHANGED}：{'、'.join(self.parcels)}"
        return tuple(line for line, said in ((EDITED, self.edited), (changed, self.after_release)) if said)


def _doubts(one: Address) -> Iterator[str]:
    if one.phone and not is_phone(one.phone):
        yield "办公电话不像能拨通的号码，请核对"
    if one.mobile and not is_mobile(one.mobile):
        yield "移动电话不像手机号码，请核对"


def contents(one: Address | AddressSaid | None) -> str:
    """The digest of what counts in an address; empty for none."""
    if one is None:
        return ""
    return hashlib.sha256(json.dumps([getattr(one, name) for name in _CONTENTS]).encode()).hexdigest()


def known(centre: str, row: Address | None, records: Records, snapshot: int) -> Known | None:
    """What is known of a centre with its row of the mailing list of that snapshot; None when nothing is.

    A row that reads as it did when the centre spoke is older than the centre's word. One that reads otherwise was
    changed later, so it counts, and is flagged where it disagrees. Inputs older than the word never overrule it.
    """
    mine = [(number, one) for number, one in records if one.centre == centre]
    last = next(((number, one) for number, one in reversed(mine) if one.said), None)
    if last is None:
        found = Known(centre=centre, address=row, way=MAILING, row=row) if row else None
    else:
        found = _spoken(centre, row, *last, snapshot)
    return found and found.model_copy(update={"confirmed": _confirmed(mine) == contents(found.address)})


def _spoken(centre: str, row: Address | None, number: int, record: AddressRecord, snapshot: int) -> Known:
    said = record.said
    assert said is not None
    now = contents(row)
    if row and snapshot >= record.snapshot and now not in (record.row, contents(said)):
        return Known(centre=centre, address=row, way=MAILING, said=said, row=row, edited=True)
    return Known(
        centre=centre,
        address=_address(said, number, row.note if row else ""),
        **said.model_dump(include={"way", "who", "at", "signature"}),
        record=number,
        said=said,
        row=row,
    )


def _address(said: AddressSaid, number: int, remark: str) -> Address:
    """As the mailing list has it, with the remarks of both."""
    notes = "；".join(dict.fromkeys(filter(None, (remark, said.note))))
    fields = said.model_dump(include={*_CONTENTS})
    return Address(**fields, note=notes, ref=f"{SAID}:{number}")


def _confirmed(records: Iterable[tuple[int, AddressRecord]]) -> str | None:
    """The contents that are confirmed: any other word that came after ends it, also when it was taken back."""
    stands: str | None = None
    for _, one in records:
        if one.confirmation:
            stands = one.confirmation.contents if one.confirmation.yes else None
        elif contents(one.said) != stands:
            stands = None
    return stands
