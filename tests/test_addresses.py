"""Addresses: the latest word counts, what disagrees is flagged, what cannot be used is refused by field."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.bad_input import BadInput
from gradphoto.address_check import AddressRefused, address_faults
from gradphoto.addresses import AddressRecord, AddressSaid, Known, contents, known
from gradphoto.inputs.mailing import Address
from gradphoto.phone import is_mobile, is_phone
from gradphoto.purge import Purge, Scope
from gradphoto.purge_rules import redacted
from gradphoto.stages.addresses import (
    NothingToConfirm,
    addresses_journal,
    addresses_now,
    confirm_electronic,
    may_download,
    released_to,
    say_address,
)
from gradphoto.stages.consign import release
from gradphoto.stages.stock import Said, cancel_parcel
from tests.a_mailing import ROW, Office
from tests.test_consign import pack


def a_word(**changes: Any) -> AddressSaid:
    """A usable one of Yanchi's."""
    usual = {
        "centre": "yanchi", "contact": "李红", "phone": "0953-6012346", "mobile": "13812345678",
        "address": "宁夏盐池县花马池镇五原南路", "signature": "李红", "way": "portal", "who": "invite-1",
    }  # fmt: skip
    return AddressSaid.model_validate({**usual, **changes})


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "office")


def now(office: Office) -> Known:
    return addresses_now(office.store, office.inputs)["yanchi"]


# ---- The latest word


def test_before_anybody_spoke_the_mailing_list_counts(office: Office) -> None:
    assert ("mailing", "王芳", ()) == (now(office).way, now(office).address.contact, now(office).flags)


@pytest.mark.parametrize("way", ["site", "portal", "operator"])
def test_what_the_centre_says_counts_whatever_its_way_in(office: Office, way: str) -> None:
    say_address(office.store, office.inputs, a_word(contact="甲"))
    number = say_address(office.store, office.inputs, a_word(way=way, note="周末不收件"))
    one = now(office)
    assert (2, way, "李红", "周末不收件") == (number, one.way, one.address.contact, one.address.note)
    assert (2, "李红", ()) == (one.record, one.signature, one.flags)


def test_a_later_edit_of_the_mailing_list_counts_and_is_flagged_where_it_disagrees(office: Office) -> None:
    say_address(office.store, office.inputs, a_word())
    office.mail(ROW.replace("王芳", "赵六"))
    one = now(office)
    assert ("mailing", "赵六", True) == (one.way, one.address.contact, one.edited)
    assert one.said
    assert "李红" == one.said.contact
    say_address(office.store, office.inputs, a_word())
    assert ("portal", False) == (now(office).way, now(office).edited)


def test_an_edit_that_agrees_or_was_taken_back_or_is_of_a_remark_is_no_other_word(office: Office) -> None:
    said = a_word()
    say_address(office.store, office.inputs, said)
    fields = (said.contact, said.phone, said.mobile, said.address)
    for row in ("盐池学院," + ",".join(fields) + ",否,\n", ROW, ROW.replace("否,", "否,新备注")):
        office.mail(row)
        assert ("portal", False) == (now(office).way, now(office).edited)
    assert "新备注" == now(office).address.note


def test_a_row_that_is_gone_or_held_takes_no_word_back(office: Office) -> None:
    say_address(office.store, office.inputs, a_word())
    for rows in ((), (ROW, ROW.replace("王芳", "赵六"))):
        office.mail(*rows)
        assert "李红" == now(office).address.contact


def test_inputs_older_than_the_word_never_overrule_it(office: Office) -> None:
    old = office.inputs
    office.mail(ROW.replace("王芳", "赵六"))
    say_address(office.store, office.inputs, a_word())
    assert "李红" == addresses_now(office.store, old)["yanchi"].address.contact


CONTENT = st.sampled_from(["甲", "乙", "丙"])


@given(st.lists(st.tuples(st.sampled_from(["said", "row"]), CONTENT), max_size=8))
def test_law_the_address_in_force_is_the_last_word_or_the_row_that_was_changed_after_it(
    history: list[tuple[str, str]],
) -> None:
    row, snapshot, records = Address(contact="甲", ref="mailing.csv:2"), 1, []
    said, beside, touched = "", "", False
    for kind, who in history:
        if kind == "said":
            record = AddressRecord(said=a_word(contact=who), snapshot=snapshot, row=contents(row))
            records.append((len(records) + 1, record))
            said, beside = who, row.contact
        elif who != row.contact:
            row, snapshot = Address(contact=who, ref="mailing.csv:2"), snapshot + 1
        touched = row.contact != beside
    one = known("yanchi", row, records, snapshot)
    assert one
    by_row = not said or touched
    assert ("mailing" if by_row else "portal", row.contact if by_row else said) == (one.way, one.address.contact)
    assert bool(said and by_row) == one.edited


# ---- What can be used


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("contact", ""), ("contact", "王" * 31), ("contact", "王#"), ("contact", "王\u200b"),
        ("phone", "2967052"), ("phone", "0951-29670"), ("phone", "０９５１-2967052"), ("phone", "见备注"),
        ("mobile", "1381234567"), ("mobile", "0951-2967052"), ("mobile", "+8613812345678"),
        ("address", ""), ("address", "路" * 101), ("address", "宁夏盐池县%1号"), ("address", "五原南路12号"),
        ("address", "宁夏盐池县"), ("address", "宁夏"), ("note", "备" * 101), ("signature", " "), ("who", ""),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_used_is_named_and_nothing_is_recorded(
    office: Office, field: str, text: str
) -> None:
    with pytest.raises(AddressRefused, match=r"^盐池学院「") as refused:
        say_address(office.store, office.inputs, a_word(**{field: text}))
    assert [field] == [fault.field for fault in refused.value.faults]
    assert 0 == addresses_journal(office.store).last()


def test_without_any_telephone_number_nobody_can_be_called(office: Office) -> None:
    assert ("phone",) == tuple(fault.field for fault in address_faults(a_word(phone="", mobile="")))
    for one in ({"phone": ""}, {"mobile": ""}):
        assert () == address_faults(a_word(**one))
    with pytest.raises(BadInput, match="nowhere"):
        say_address(office.store, office.inputs, a_word(centre="nowhere"))


@pytest.mark.parametrize(
    "address",
    [
        "宁夏盐池县花马池镇五原南路", "同心县豫海镇 永安西路思源学校东门 师资培训中心三楼",
        "石嘴山市大武口区朝阳西街287号", "银川市兴庆区民族南街771号光耀广场1楼大厅", "新疆阿勒泰地区青河县团结路",
    ],
)  # fmt: skip
def test_addresses_as_the_notice_writes_them_are_taken(address: str) -> None:
    assert () == address_faults(a_word(address=address))


def test_telephone_numbers_as_offices_write_them_are_taken() -> None:
    offices = [
        "0951-2967052",
        "(0951)2967052",
        "09512967052",
        "0951-2967052转801",
        "0951-2967052-801",
        "400-8001234",
    ]
    assert [] == [one for one in [*offices, "400-8001234", "13812345678"] if not is_phone(one)]
    assert (True, True, False) == (is_mobile("138 1234 5678"), is_mobile("19912345678"), is_mobile("12345678901"))


# ---- Electronic delivery, releases, purges


def test_files_are_for_a_centre_that_asked_and_was_confirmed_since(office: Office) -> None:
    def may() -> bool:
        return may_download(office.store, office.inputs, "yanchi")

    with pytest.raises(NothingToConfirm, match="盐池学院"):
        confirm_electronic(office.store, "yanchi", "op", "", True)
    say_address(office.store, office.inputs, a_word(electronic=True))
    assert not may()
    confirm_electronic(office.store, "yanchi", "op", "", True)
    assert may()
    say_address(office.store, office.inputs, a_word(electronic=True, note="同上"))
    assert may()
    say_address(office.store, office.inputs, a_word(electronic=True, mobile="13912345678"))
    assert not may()
    say_address(office.store, office.inputs, a_word(electronic=True))
    assert not may()
    confirm_electronic(office.store, "yanchi", "op", "", True)
    confirm_electronic(office.store, "yanchi", "op", "", False)
    assert not may()


def test_an_edit_of_the_mailing_list_ends_the_confirmation(office: Office) -> None:
    office.mail(ROW.replace("否", "是"))
    confirm_electronic(office.store, "yanchi", "op", "", True)
    assert may_download(office.store, office.inputs, "yanchi")
    office.mail(ROW.replace("否", "是").replace("王芳", "赵六"))
    assert not may_download(office.store, office.inputs, "yanchi")


def test_a_change_after_the_release_is_flagged_until_the_parcel_is_received_or_cancelled(office: Office) -> None:
    packed, said = pack(office.store, {"1": 1}), Said("op", "")
    release(office.store, "yanchi", packed, noted=released_to(office.store, office.inputs, "yanchi", "op", "t"))
    assert not now(office).after_release
    say_address(office.store, office.inputs, a_word())
    assert ("NX-yanchi-0001",) == now(office).parcels
    assert "NX-yanchi-0001" in now(office).flags[0]
    cancel_parcel(office.store, "NX-yanchi-0001", "地址有变", said)
    assert () == now(office).flags


def test_a_purged_centre_leaves_nobody_in_the_records(office: Office) -> None:
    say_address(office.store, office.inputs, a_word(electronic=True))
    confirm_electronic(office.store, "yanchi", "op", "", True)
    parcel = [{"parcel": {"centre": "yanchi", "prints": [], "portraits": 0}, "released": {"address": "0" * 64}}]
    purge = Purge(scope=Scope(centre="yanchi"), snapshot=1)
    for number, lines in addresses_journal(office.store).records():
        key = f"addresses/{number:06d}.jsonl"
        assert [] == redacted(purge, key, lines)
        assert lines == redacted(Purge(scope=Scope(centre="guyuan"), snapshot=1), key, lines)
        addresses_journal(office.store).rewrite(number, [])
    assert "" == redacted(purge, "parcels/000001.jsonl", parcel)[0]["released"]["address"]
