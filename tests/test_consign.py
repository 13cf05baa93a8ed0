"""The manifests: what goes where, each parcel on one courier sheet, every number reconciled to a bundle."""

from collections import Counter
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from config.campaign_file import load_campaign
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import Store
from gradphoto.adapters.tables import csv_rows
from gradphoto.consign import COLUMNS, manifest
from gradphoto.courier import COLUMNS as COURIER_COLUMNS
from gradphoto.courier import Sender
from gradphoto.inputs.mailing import Address
from gradphoto.inputs.problems import Held
from gradphoto.packed import Packed, journal, newest
from gradphoto.parcels import released
from gradphoto.reconcile import reconcile
from gradphoto.stages.consign import Written, parcels, release, write_manifests
from tests.a_bundle import a_bundle

CAMPAIGN = load_campaign("ningxia-2023").model_copy(update={"institution_code": "51321"})
SENDER = Sender("新华社宁夏分社", "郝建忠", "0951-2967052", "银川市某路1号")


def an_address(**changes: str) -> Address:
    """A usable one."""
    usual = {"contact": "王芳", "phone": "0953-1234567", "mobile": "13800000000", "address": "盐池县某路2号"}
    return Address.model_validate({**usual, "ref": "mailing.csv:2", **changes})


ADDRESSES = {centre.id: an_address() for centre in CAMPAIGN.centres}


class Tables(NamedTuple):
    """What was written, read back: each row by its header."""

    mailing: list[dict[str, str]]
    courier: list[dict[str, str]]


def pack(store: Store, pictures: Mapping[str, int], centre: str = "yanchi") -> Packed:
    """The centre's next bundle."""
    records = journal(store, centre)
    packed = a_bundle(pictures, records.last() + 1, centre)
    records.append(packed.to_lines())
    return packed


def write(
    store: Store,
    to: Path,
    addresses: Mapping[str, Address] = ADDRESSES,
    held: Sequence[Held] = (),
    sender: Sender = SENDER,
) -> Written:
    """A run of the manifests that must reconcile."""
    written = write_manifests(store, CAMPAIGN, addresses, held, sender, to)
    assert () == written.discrepancies
    return written


def tables(written: Written) -> Tables:
    """The tables of a run, the workbook of the mailing list being the same as its CSV."""
    csv, xlsx, courier = (path.read_bytes() for path in written.paths)
    assert csv_rows(csv) == workbook_rows(xlsx)
    return Tables(by_header(csv_rows(csv)), by_header(workbook_rows(courier)))


def workbook_rows(data: bytes) -> list[list[str]]:
    """The cells of the first sheet, each of which must be text."""
    rows = [list(row) for row in load_workbook(BytesIO(data)).worksheets[0].iter_rows(values_only=True)]
    assert all(isinstance(cell, str | None) for row in rows for cell in row)
    return [[str(cell or "") for cell in row] for row in rows]


def by_header(rows: list[list[str]]) -> list[dict[str, str]]:
    """Rows as header → cell."""
    header, *rest = rows
    return [dict(zip(header, row, strict=True)) for row in rest]


def test_a_released_parcel_goes_with_every_cell_filled(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    release(store, "yanchi", pack(store, {"1": 1, "2": 1}))
    mailing, courier = tables(write(store, tmp_path))
    cells = (
        "51321", "宁夏开放大学", "盐池学院", "2", "2", "盐池县某路2号", "王芳", "0953-1234567", "13800000000",
        "1", "NX-yanchi-0001", "", "首寄",
    )  # fmt: skip
    assert [dict(zip(COLUMNS, cells, strict=True))] == mailing
    filled = {
        "用户订单号": "NX-yanchi-0001", "寄件公司": "新华社宁夏分社", "寄件人": "郝建忠",
        "寄件电话": "0951-2967052", "寄件详细地址": "银川市某路1号", "收件公司": "盐池学院", "收件人": "王芳",
        "收件电话": "0953-1234567", "收件手机": "13800000000", "收件详细地址": "盐池县某路2号",
        "托寄物内容": "毕业生照片", "托寄物数量": "2", "寄方备注": "首寄", "运费付款方式": "寄方付",
        "业务类型": "顺丰标快", "件数": "1",
    }  # fmt: skip
    assert [dict.fromkeys(COURIER_COLUMNS, "") | filled] == courier


def test_what_is_not_released_is_listed_but_not_on_the_courier_sheet(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    pack(store, {"1": 1})
    (row,), courier = tables(write(store, tmp_path))
    assert ("1", "", "暂不寄") == (row["本次寄件人数"], row["内部包裹号"], row["备注"])
    assert [] == courier


def test_later_portraits_are_counted_apart_from_those_couriered(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    release(store, "yanchi", pack(store, {"1": 1, "2": 1}))
    write(store, tmp_path)
    pack(store, {"1": 1, "2": 9, "3": 1})
    (row,), _ = tables(write(store, tmp_path))
    assert ("3", "2", "2", "暂不寄") == tuple(
        row[column] for column in ("人数", "本次寄件人数", "照片包版本", "备注")
    )
    release(store, "yanchi", pack(store, {"1": 1, "2": 9, "3": 1, "4": 1}))
    (row,), (sent,) = tables(write(store, tmp_path))
    assert ("4", "3", "NX-yanchi-0002", "补寄") == tuple(
        row[column] for column in ("人数", "本次寄件人数", "内部包裹号", "备注")
    )
    assert ("NX-yanchi-0002", "3") == (sent["用户订单号"], sent["托寄物数量"])
    (row,), courier = tables(write(store, tmp_path))
    assert (("0", "已全部交寄"), []) == ((row["本次寄件人数"], row["备注"]), courier)


def test_a_centre_without_a_bundle_has_no_row_and_rows_follow_the_notice(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    for centre in ("zhishu", "yanchi", "longde"):
        pack(store, {"1": 1}, centre)
    mailing, _ = tables(write(store, tmp_path))
    assert ["盐池学院", "隆德学习中心", "直属学院"] == [row["教学点"] for row in mailing]


@pytest.mark.parametrize(
    ("addresses", "named"),
    [
        ({}, "没有该教学点"),
        ({"yanchi": an_address(address="")}, "mailing.csv 第2行"),
        ({"yanchi": an_address(contact="王" * 31)}, "联系人"),
        ({"yanchi": an_address(mobile="1" * 31)}, "移动电话"),
        ({"yanchi": an_address(address="路" * 101)}, "详细地址"),
        *(({"yanchi": an_address(address=f"1{bad}2号")}, bad) for bad in "'\"#&+<>%\\"),
    ],
)
def test_a_centre_without_a_usable_address_is_held_until_it_has_one(
    tmp_path: Path, addresses: dict[str, Address], named: str
) -> None:
    store = FolderStore(tmp_path / "store")
    release(store, "yanchi", pack(store, {"1": 1}))
    written = write(store, tmp_path, addresses)
    (held,) = written.held
    assert named in held.reason
    (row,), courier = tables(written)
    assert (f"首寄；暂缓寄送：{held.reason}", []) == (row["备注"], courier)
    assert ["NX-yanchi-0001"] == [sent["用户订单号"] for sent in tables(write(store, tmp_path)).courier]


def test_a_row_of_the_mailing_list_that_was_not_read_is_named_where_an_address_is_missing(
    tmp_path: Path,
) -> None:
    store = FolderStore(tmp_path / "store")
    pack(store, {"1": 1})
    unread = Held(file="mailing.csv", row=3, column="教学点", message="没有 '盐池' 这个教学点")
    (held,) = write(store, tmp_path, {}, [unread]).held
    assert unread.text in held.reason


def test_without_any_sender_the_parcels_go_and_its_cells_are_empty(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    release(store, "yanchi", pack(store, {"1": 1}))
    (sent,) = tables(write(store, tmp_path, sender=Sender("", "", "", ""))).courier
    assert {""} == {sent[column] for column in COURIER_COLUMNS if column.startswith("寄件")}


def test_with_half_a_sender_nothing_goes(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    release(store, "yanchi", pack(store, {"1": 1}))
    written = write(store, tmp_path, sender=SENDER._replace(address=""))
    assert "设置中的寄件人：没有详细地址，请更正" == written.held[0].reason
    assert [] == tables(written).courier


def test_nothing_is_overwritten_and_the_three_tables_keep_one_number(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    (tmp_path / "mailing.xlsx").write_text("another's")
    pack(store, {"1": 1})
    first, again = write(store, tmp_path), write(store, tmp_path)
    assert ["mailing-2.csv", "mailing-2.xlsx", "sf-2.xlsx"] == [path.name for path in first.paths]
    assert first == again
    assert "another's" == (tmp_path / "mailing.xlsx").read_text()
    assert {"mailing.xlsx", "mailing-2.csv", "mailing-2.xlsx", "sf-2.xlsx", "store"} == {
        path.name for path in tmp_path.iterdir()
    }


def test_a_run_that_died_before_its_record_is_done_again_to_the_same_files(tmp_path: Path) -> None:
    store, twin = FolderStore(tmp_path / "store"), FolderStore(tmp_path / "twin")
    for each in (store, twin):
        release(each, "yanchi", pack(each, {"1": 1}))
    died = write(twin, tmp_path / "out")
    died.paths[2].unlink()
    assert died == write(store, tmp_path / "out")


pictures = st.dictionaries(st.sampled_from("123456"), st.integers(1, 3))
acts = st.tuples(st.sampled_from(["yanchi", "longde"]), st.none() | pictures)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(acts, max_size=4), max_size=4))
def test_every_released_portrait_is_on_exactly_one_sheet_and_all_sums_reconcile(
    season: list[list[tuple[str, dict[str, int] | None]]],
) -> None:
    """Between two manifests bundles are made (pictures) and parcels released (None), in any order."""
    with TemporaryDirectory() as folder:
        store, orders = FolderStore(Path(folder) / "store"), Counter[str]()
        for number, events in enumerate([*season, []]):
            for centre, found in events:
                packed = newest(store, centre) if found is None else pack(store, found, centre)
                if found is None and packed:
                    release(store, centre, packed)
            mailing, courier = tables(write(store, Path(folder) / f"to{number}"))
            orders.update(row["用户订单号"] for row in courier)
            sending = sum(int(row["本次寄件人数"]) for row in mailing if row["内部包裹号"])
            assert sending == sum(int(row["托寄物数量"]) for row in courier)
        assert Counter(parcel.number for parcel in parcels(store)) == orders
        items = Counter((parcel.centre, item) for parcel in parcels(store) for item in parcel.prints)
        assert all(1 == count for count in items.values())


def test_a_manifest_that_disagrees_with_its_bundles_says_so_by_name() -> None:
    packed, less = a_bundle({"1": 1, "2": 1}), a_bundle({"1": 1})
    parcel = released(packed, [])
    assert parcel
    newest = {"yanchi": packed}
    made = manifest(CAMPAIGN, newest, ADDRESSES, [], [parcel], (), SENDER)
    assert [] == reconcile(made, newest, lambda _centre, _version: packed, [parcel], ())
    lines = reconcile(made, newest, lambda _centre, _version: less, [parcel, parcel], {parcel.number})
    assert "盐池学院：人数2，照片包第1版却有1张照片" in lines
    assert "包裹NX-yanchi-0001已在此前的快递导入表上" in lines
    assert "包裹NX-yanchi-0001：学号2的照片不在照片包第1版中" in lines
