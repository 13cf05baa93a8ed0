"""Shipments: the courier's number for each parcel, slip and waybill together before it is closed, days."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import Store
from gradphoto.adapters.tables import csv_bytes, xlsx_bytes
from gradphoto.decision import Act
from gradphoto.delivery_notice import delivery_notice
from gradphoto.inputs.problems import SheetError
from gradphoto.packed import Packed, newest
from gradphoto.parcels import parcels_to
from gradphoto.shipment import Shipment
from gradphoto.shipping import Event
from gradphoto.shipping_rules import ShippingRefused, day
from gradphoto.stages.consign import going, release
from gradphoto.stages.decide import take_decision
from gradphoto.stages.releases import parcels
from gradphoto.stages.shipments import shipments_of
from gradphoto.stages.shipping import events, note_events, shipping_journal
from gradphoto.stages.stock import (
    Said,
    announce,
    cancel_parcel,
    import_waybills,
    note_received,
    note_sent,
    seal,
    set_waybill,
)
from tests.test_consign import CAMPAIGN, an_address, pack, tables, write

SAID = Said("op", "2023-07-20T10:00:00+08:00")
TODAY = "2023-07-21"
YANCHI, LONGDE = "NX-yanchi-0001", "NX-longde-0001"
SF, OTHER = "SF1234567890123", "SF1234567890124"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """A parcel each for two centres, on a courier sheet."""
    store = FolderStore(tmp_path / "store")
    release(store, "yanchi", pack(store, {"1": 1, "2": 1}))
    release(store, "longde", pack(store, {"3": 1}, "longde"))
    write(store, tmp_path / "sheet")
    return store


def sheet(*rows: tuple[str, str], head: Sequence[str] = ("用户订单号", "运单号")) -> bytes:
    """A file as the courier gives it."""
    return csv_bytes([head, *rows])


def numbered(store: Store) -> None:
    """Both parcels have their numbers."""
    import_waybills(store, sheet((YANCHI, SF), (LONGDE, OTHER)), "sf.csv", SAID)


def standing(store: Store, centre: str = "yanchi") -> Shipment:
    """How a centre's delivery stands."""
    packed = {one: found for one in ("yanchi", "longde") if (found := newest(store, one))}
    return shipments_of(store, CAMPAIGN, packed)[centre]


# ---- The courier's numbers


@pytest.mark.parametrize("head", [("用户订单号", "运单号"), ("订单号", "运单编号"), ("客户订单号", "运单号")])
def test_the_couriers_numbers_come_back_by_either_name_of_the_columns(
    store: FolderStore, head: tuple[str, str]
) -> None:
    for data, name in (
        (sheet((YANCHI, SF), head=head), "sf.csv"),
        (xlsx_bytes("单", [head, (YANCHI, SF)]), "sf.xlsx"),
    ):
        found = import_waybills(store, data, name, SAID)
        assert ((), YANCHI) == (found.held, *found.new, *found.known)
    assert SF == standing(store).parcels[0].waybill
    assert 1 == shipping_journal(store).last()


def test_the_couriers_own_order_number_beside_ours_is_not_taken_for_it(store: FolderStore) -> None:
    data = csv_bytes([("订单号", "用户订单号", "运单号"), ("99", YANCHI, SF)])
    assert (YANCHI,) == import_waybills(store, data, "sf.csv", SAID).new


def test_the_numbers_appear_in_the_mailing_list_and_nobody_is_counted_again(
    store: FolderStore, tmp_path: Path
) -> None:
    numbered(store)
    (yanchi, _), courier = tables(write(store, tmp_path / "again"))
    assert [] == courier
    assert (YANCHI, SF, "2", "0", "首寄，已交寄2人，已有运单号") == tuple(
        yanchi[column] for column in ("内部包裹号", "运单号", "人数", "本次寄件人数", "备注")
    )


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (("NX-yanchi-0009", SF), "用户订单号", "没有包裹"),
        (("张三", SF), "用户订单号", "2个字符"),
        ((YANCHI, ""), "运单号", "还没有运单号"),
        ((YANCHI, "SF12345"), "运单号", "不是顺丰的运单号"),
        ((YANCHI, "SF12345678901234"), "运单号", "不是顺丰的运单号"),
        ((YANCHI, "1.23457E+14"), "运单号", "科学记数法"),
        ((YANCHI, "SF9999999999999"), "运单号", f"已有运单号 {SF}"),
        (("NX-longde-0002", "SF9999999999999"), "用户订单号", "还没有上过顺丰导入表"),
        ((LONGDE, SF), "运单号", f"已经是包裹 {YANCHI} 的"),
    ],
)
def test_a_row_that_cannot_be_is_held_by_file_row_and_column(
    store: FolderStore, row: tuple[str, str], column: str, says: str
) -> None:
    import_waybills(store, sheet((YANCHI, SF)), "first.csv", SAID)
    release(store, "longde", pack(store, {"3": 1, "4": 1}, "longde"))
    (held,) = import_waybills(store, sheet(row), "sf.csv", SAID).held
    assert ("sf.csv", 2, column) == (held.file, held.row, held.column)
    assert says in held.message
    assert SF == standing(store).parcels[0].waybill


def test_rows_that_contradict_each_other_are_all_held_and_the_others_count(store: FolderStore) -> None:
    release(store, "zhishu", pack(store, {"5": 1}, "zhishu"))
    twice = import_waybills(store, sheet((YANCHI, SF), (YANCHI, OTHER), (LONGDE, "123456789012")), "sf.csv", SAID)
    assert ([2, 3], (LONGDE,)) == ([held.row for held in twice.held], twice.new)
    shared = import_waybills(store, sheet((YANCHI, SF), ("NX-zhishu-0001", SF)), "sf.csv", SAID)
    assert ([2, 3], ()) == ([held.row for held in shared.held], shared.new)


def test_a_file_without_the_columns_is_refused_by_name(store: FolderStore) -> None:
    with pytest.raises(SheetError, match=r"sf.csv 第1行「用户订单号」"):
        import_waybills(store, csv_bytes([("甲", "运单号")]), "sf.csv", SAID)


def test_a_number_is_replaced_only_by_who_names_the_old_one_and_is_sealed_anew(store: FolderStore) -> None:
    numbered(store)
    seal(store, YANCHI, SF, SAID)
    with pytest.raises(ShippingRefused, match=f"--instead {SF}"):
        set_waybill(store, YANCHI, "SF9999999999999", "", SAID)
    assert set_waybill(store, YANCHI, "SF9999999999999", SF, SAID)
    assert not set_waybill(store, YANCHI, "SF9999999999999", SF, SAID)
    assert ("SF9999999999999", "") == (standing(store).parcels[0].waybill, standing(store).parcels[0].sealed)
    with pytest.raises(ShippingRefused, match=LONGDE):
        set_waybill(store, YANCHI, OTHER, "SF9999999999999", SAID)


# ---- Sealing


def test_slip_and_waybill_that_belong_together_seal_the_parcel_in_either_order(store: FolderStore) -> None:
    numbered(store)
    first, again, other = (
        seal(store, YANCHI, SF, SAID),
        seal(store, SF, YANCHI, SAID),
        seal(store, OTHER, LONGDE, SAID),
    )
    assert [(True, True), (True, False), (True, True)] == [(one.right, one.new) for one in (first, again, other)]
    assert SAID.at == standing(store).parcels[0].sealed
    assert 2 == sum(one.act == "sealed" for one in events(store))


@pytest.mark.parametrize(
    ("scans", "says"),
    [
        ((YANCHI, OTHER), LONGDE),
        ((YANCHI, "SF9999999999999"), SF),
        ((YANCHI, YANCHI), "两次都扫了装箱单"),
        ((SF, SF), "两次都扫了运单"),
        (("nx-YANCHI-0001", SF), "大写锁定"),
        (("NX-yanchi-0007", SF), "没有包裹"),
        (("NX-nowhere-0001", "SF9999999999999"), "没有包裹"),
    ],
)
def test_what_does_not_belong_together_seals_nothing_and_says_why(
    store: FolderStore, scans: tuple[str, str], says: str
) -> None:
    numbered(store)
    verdict = seal(store, *scans, SAID)
    assert (False, "") == (verdict.right, standing(store).parcels[0].sealed)
    assert says in verdict.says


def test_without_the_couriers_number_nothing_is_sealed(store: FolderStore) -> None:
    assert "还没有运单号" in seal(store, YANCHI, SF, SAID).says


def test_a_parcel_with_a_recalled_print_is_not_sealed_and_after_it_was_cancelled_the_right_ones_go(
    store: FolderStore, tmp_path: Path
) -> None:
    numbered(store)
    picture = f"{1:064x}"
    what = {"student_no": "1", "capture": picture, "captures": (picture,), "reason": "不是本人"}
    take_decision(store, "op", "", act=Act.RECALL, **what)
    assert "2 人的照片已召回" in seal(store, YANCHI, SF, SAID).says
    assert 2 == standing(store).parcels[0].recalled
    pack(store, {"2": 7})
    cancel_parcel(store, YANCHI, "含已召回的照片", SAID)
    parcel = release(store, "yanchi", _newest(store))
    assert parcel
    assert ("NX-yanchi-0002", "首寄", ("2",)) == (parcel.number, parcel.kind, parcel.students)
    assert ["NX-yanchi-0002"] == [row["用户订单号"] for row in tables(write(store, tmp_path / "next")).courier]


def _newest(store: Store) -> Packed:
    packed = newest(store, "yanchi")
    assert packed
    return packed


# ---- Sent, received, cancelled


def test_a_parcel_is_sent_after_it_was_sealed_and_received_after_it_was_sent(store: FolderStore) -> None:
    for say, why in ((note_sent, "还没有运单号"), (note_received, "还没有寄出")):
        with pytest.raises(ShippingRefused, match=why):
            say(store, [YANCHI], "2023-07-20", TODAY, SAID)
    numbered(store)
    with pytest.raises(ShippingRefused, match="还没有核对封箱"):
        note_sent(store, [YANCHI], "2023-07-20", TODAY, SAID)
    seal(store, YANCHI, SF, SAID)
    assert [YANCHI] == note_sent(store, [YANCHI], "2023-07-20", TODAY, SAID)
    assert [] == note_sent(store, [YANCHI], "2023-07-20", TODAY, SAID)
    for wrong in ("2023-07-19", "2023-07-22", "20230721", "七月"):
        with pytest.raises(ShippingRefused):
            note_received(store, [YANCHI], wrong, TODAY, SAID)
    assert [YANCHI] == note_received(store, [YANCHI], TODAY, TODAY, SAID)
    (parcel,) = standing(store).parcels
    assert ("2023-07-20", TODAY, "已收到") == (parcel.sent, parcel.received, parcel.word)
    with pytest.raises(ShippingRefused, match="已经寄出"):
        cancel_parcel(store, YANCHI, "", SAID)


def test_of_several_parcels_all_are_noted_or_none(store: FolderStore) -> None:
    numbered(store)
    seal(store, YANCHI, SF, SAID)
    with pytest.raises(ShippingRefused, match=LONGDE):
        note_sent(store, [YANCHI, LONGDE], TODAY, TODAY, SAID)
    assert "" == standing(store).parcels[0].sent


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["pack", "release", "sheet", "cancel", "number"]), max_size=8))
def test_law_every_portrait_is_outstanding_or_in_one_parcel_that_was_not_cancelled(acts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        store, size = FolderStore(Path(folder) / "store"), 1
        pack(store, {"1": 1})
        for number, act in enumerate(acts):
            alive = [one.number for one in going(store, parcels(store))]
            if act == "pack":
                size += 1
                pack(store, {str(one): 1 for one in range(size)})
            elif act == "release":
                release(store, "yanchi", _newest(store))
            elif act == "sheet":
                write(store, Path(folder) / f"to{number}")
            elif act == "number":
                rows = [(one, f"SF{number:06d}{at:07d}") for at, one in enumerate(alive)]
                import_waybills(store, sheet(*rows), "sf.csv", SAID) if rows else None
            elif alive:
                cancel_parcel(store, alive[-1], "", SAID)
        write(store, Path(folder) / "end")
        stay = parcels_to("yanchi", going(store, parcels(store)))
        counted = Counter(item for one in stay for item in one.prints)
        assert all(1 == count for count in counted.values())
        mine = {one.student_no for one in _newest(store).deliveries}
        assert len(mine) == standing(store).outstanding + len({item.student_no for item in counted} & mine)


def test_whoever_is_overtaken_by_another_record_asks_anew(store: FolderStore) -> None:
    asked: list[int] = []

    def happened(before: list[Event]) -> list[Event]:
        asked.append(len(before))
        if len(asked) == 1:
            announce(store, ["longde"], "2023-08-01", SAID)
        return [Event(act="date", centre="yanchi", date="2023-08-02", who="op")]

    note_events(store, happened)
    assert ([0, 1], ["longde", "yanchi"]) == (asked, [one.centre for one in events(store)])


# ---- The day


def test_until_a_day_is_announced_it_is_unknown_and_it_can_be_taken_back(store: FolderStore) -> None:
    assert (None, "下发时间待通知") == (standing(store).date, standing(store).word)
    assert ["yanchi", "longde"] == announce(store, ["yanchi", "longde"], "2023-08-01", SAID)
    assert ["yanchi", "longde"] == announce(store, ["yanchi", "longde"], "", SAID)
    assert (None, None) == (standing(store).date, standing(store, "longde").date)
    announce(store, ["yanchi"], day("2023-08-02"), SAID)
    assert [] == announce(store, ["yanchi"], "2023-08-02", SAID)
    assert "定于 2023-08-02 下发" == standing(store).word


def test_the_notice_says_the_day_how_many_where_to_and_by_which_waybill(store: FolderStore) -> None:
    numbered(store)
    announce(store, ["yanchi"], "2023-08-01", SAID)
    text = delivery_notice(CAMPAIGN, "yanchi", standing(store), an_address(), 2, files=True)
    for word in ("盐池学院", "2023年8月1日", "2 人", "盐池县某路2号", SF, "郝建忠", "电子照片已可下载"):
        assert word in text
    without = delivery_notice(CAMPAIGN, "yanchi", standing(store), None, 2, files=False)
    assert "还没有留下可用的邮寄地址" in without
    assert "电子照片" not in without
