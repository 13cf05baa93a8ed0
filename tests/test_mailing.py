"""The mailing list: one address a centre, and why a courier cannot use one."""

import pytest

from config.campaign_file import load_campaign
from gradphoto.inputs.mailing import Address, read_mailing
from gradphoto.inputs.problems import Held

CAMPAIGN = load_campaign("ningxia-2023")
HEADER = "教学点,联系人,办公电话,移动电话,详细地址,需要电子数据,备注"
YANCHI = "盐池学院,王老师,0953-1234567,13900000000,花马池镇五原南路,是,周末不收"
USABLE = Address(contact="王老师", phone="0953-1234567", mobile="13900000000", address="花马池镇五原南路")


def read(*rows: str) -> tuple[dict[str, Address], list[Held]]:
    return read_mailing("\n".join([HEADER, *rows]).encode("gb18030"), "mailing.csv", CAMPAIGN)


def test_a_row_is_its_centres_address() -> None:
    more = {"electronic": True, "note": "周末不收", "ref": "mailing.csv:2"}
    assert ({"yanchi": USABLE.model_copy(update=more)}, []) == read(YANCHI)


def test_electronic_files_go_only_to_who_asked() -> None:
    found, _ = read(YANCHI.replace("是", "否"), "固原学院,李,1,,路,,")
    assert [False, False] == [address.electronic for address in found.values()]


def test_the_same_row_twice_is_one_address() -> None:
    found, held = read(YANCHI, YANCHI)
    assert (["yanchi"], []) == (list(found), held)


def test_rows_of_one_centre_that_differ_are_all_held() -> None:
    found, held = read(YANCHI, "固原学院,李,1,,路,,", YANCHI.replace("五原南路", "五原北路"))
    assert ["guyuan"] == list(found)
    assert [(2, "第4行"), (4, "第2行")] == [(each.row, each.message[1:4]) for each in held]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("北京,李,1,,路,,", "教学点"),
        (",李,1,,路,,", "教学点"),
        ("固原学院,李,1,,路,要,", "需要电子数据"),
    ],
)
def test_a_bad_row_is_held_and_the_rest_is_read(row: str, column: str) -> None:
    found, held = read(row, YANCHI)
    assert ["yanchi"] == list(found)
    assert [("mailing.csv", 2, column)] == [(each.file, each.row, each.column) for each in held]


def test_a_list_without_addresses_is_held_by_its_name() -> None:
    found, held = read_mailing("教学点,联系人\n盐池学院,王\n".encode(), "mailing.csv", CAMPAIGN)
    assert ({}, [0]) == (found, [each.row for each in held])
    assert "表头可写作 详细地址" in held[0].text


def test_an_address_is_usable_with_either_telephone() -> None:
    for missing in ({}, {"phone": ""}, {"mobile": ""}):
        assert None is USABLE.model_copy(update=missing).unusable


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"contact": ""}, "没有联系人"),
        ({"phone": "", "mobile": ""}, "没有办公电话，也没有移动电话"),
        ({"address": ""}, "没有详细地址"),
        ({"contact": "王" * 31}, "联系人超过30个字符"),
        ({"mobile": "1" * 31}, "移动电话超过30个字符"),
        ({"address": "路" * 101}, "详细地址超过100个字符"),
        ({"address": "路\n号"}, "详细地址含有换行或看不见的字符"),
        *(({"address": f"路{bad}号"}, f"详细地址含有快递系统不接受的字符 {bad}") for bad in "'\"#&+<>%\\"),
    ],
)
def test_an_address_that_a_courier_cannot_use_says_why(change: dict[str, str], expected: str) -> None:
    assert expected == USABLE.model_copy(update=change).unusable
