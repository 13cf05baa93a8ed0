"""The papers of parcels: what the scanner reads, whose prints are in it, and what nobody may see outside."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.lettering import FONTS, Lettering
from gradphoto.adapters.packing_slip import ROWS, packing_slip
from gradphoto.adapters.store import digest
from gradphoto.downloads import downloads
from gradphoto.masked import HIDDEN, masked_address, masked_name, masked_phone
from gradphoto.packed import journal
from gradphoto.shipping_rules import ShippingRefused
from gradphoto.slip import Slip
from gradphoto.stages.consign import release
from gradphoto.stages.handover import hand_over
from gradphoto.stages.slips import write_slips
from tests.a_bundle import a_bundle
from tests.a_mailing import Office
from tests.small_night import program
from tests.some_bundle import bag_bytes, some_contents
from tests.test_consign import ADDRESSES, CAMPAIGN, an_address, pack, write

needs_font = pytest.mark.skipif(not any(Path(path).is_file() for path in FONTS), reason="needs fonts-noto-cjk")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="needs poppler-utils")
YANCHI = "NX-yanchi-0001"


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering()


def words(pdf: Path) -> str:
    """The text of a PDF, without blanks."""
    said = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return "".join(said.split())


def scanned(pdf: Path) -> list[str]:
    """What a scanner reads on each page, as an office printer prints it."""
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "-png", pdf, pdf.with_suffix("")], check=True)
    pages = sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))
    return [code.text for page in pages for code in zxingcpp.read_barcodes(Image.open(page))]


# ---- Within the parcel


@needs_font
@needs_poppler
def test_every_page_of_a_slip_has_the_parcels_number_for_the_scanner_and_all_students_are_on_it(
    lettering: Lettering, tmp_path: Path
) -> None:
    number = "NX-shizuishan-gongmao-0012"
    people = tuple((f"21640012{one:05d}", "买买提·艾力") for one in range(2 * ROWS + 3))
    slip = Slip(number, "装箱单", "石嘴山工贸学院", "补寄", 2, people)
    pdf = tmp_path / "slip.pdf"
    pdf.write_bytes(packing_slip(slip, lettering))
    assert [number, number] == scanned(pdf)
    text = words(pdf)
    assert all(no in text for no, _ in people)
    assert len(people) == text.count("买买提·艾力")
    assert pdf.read_bytes() == packing_slip(slip, Lettering())


@needs_font
@needs_poppler
def test_what_goes_outside_names_no_student_and_hides_the_receiver(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    release(store, "yanchi", pack(store, {"2164001250001": 1}))
    release(store, "longde", pack(store, {"2164001250002": 1}, "longde"))
    write(store, tmp_path / "sheet")
    where = an_address(contact="王小芳", mobile="13812345678", address="盐池县某路2号实验楼1203室")
    made = write_slips(store, CAMPAIGN, {"yanchi": where}, [], tmp_path / "papers")
    assert [f"装箱单-{YANCHI}.pdf", "装箱单-NX-longde-0001.pdf", "外箱标签.pdf", "交寄清单.pdf"] == [
        path.name for path in made.paths
    ]
    assert ("包裹 NX-longde-0001 没有可用的地址，没有外箱标签",) == made.left_out
    inside, _, *outside = made.paths
    assert ("2164001250001" in words(inside), "马莉" in words(inside), "王小芳" in words(inside)) == (
        True,
        True,
        False,
    )
    for pdf in outside:
        said = words(pdf)
        assert all(word in said for word in (YANCHI, "盐池学院", "王*芳", "138******78"))
        assert not any(word in said for word in ("2164001250001", "马莉", "王小芳", "13812345678", "1203"))
    assert [YANCHI] == scanned(made.paths[2])
    again = write_slips(store, CAMPAIGN, {"yanchi": where}, [], tmp_path / "papers")
    assert made.paths == again.paths


@needs_font
def test_papers_are_for_parcels_that_there_are(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    release(store, "yanchi", pack(store, {"1": 1}))
    assert (YANCHI,) == write_slips(store, CAMPAIGN, ADDRESSES, ["yanchi"], tmp_path / "a").parcels
    assert (YANCHI,) == write_slips(store, CAMPAIGN, ADDRESSES, [YANCHI], tmp_path / "b").parcels
    with pytest.raises(ShippingRefused, match="longde"):
        write_slips(store, CAMPAIGN, ADDRESSES, ["longde"], tmp_path / "c")
    assert not (tmp_path / "c").exists()


# ---- Outside of it (GB/T 41833-2022)


@given(st.text(st.characters(codec="utf-8", exclude_characters=HIDDEN), min_size=1, max_size=20))
def test_law_of_a_name_at_least_one_character_is_hidden_and_its_length_stays(name: str) -> None:
    assert len(name) == len(masked_name(name))
    assert HIDDEN in masked_name(name)


@given(st.from_regex(r"[0-9]{3,12}(-[0-9]{3,8})?(转[0-9]{1,6})?", fullmatch=True))
def test_law_of_a_number_six_figures_are_hidden_or_all(phone: str) -> None:
    figures = sum(char.isdigit() for char in phone)
    assert min(6, figures) <= masked_phone(phone).count(HIDDEN)


@pytest.mark.parametrize(
    ("address", "hidden"),
    [
        ("银川市兴庆区民族南街771号光耀广场1楼大厅", "银川市兴庆区民族南街771号光耀广场*楼大厅"),
        ("盐池县某路2号3号楼2单元501室", "盐池县某路2号*号楼*单元*室"),
        ("盐池县某路2号3-2-501", "盐池县某路2号*"),
        ("盐池县职业技术学校强技楼302", "盐池县职业技术学校强技楼*"),
        ("盐池县职业技术学校强技楼三〇二室", "盐池县职业技术学校强技楼*室"),
        ("盐池县幸福小区A座1203室", "盐池县幸福小区A座*室"),
        ("盐池县花马池镇五原南路", "盐池县花马池镇五原南路"),
    ],
)
def test_of_an_address_unit_and_room_are_hidden_and_the_street_stays(address: str, hidden: str) -> None:
    assert hidden == masked_address(address)


# ---- By hand


@needs_font
@needs_poppler
def test_a_handover_is_verified_on_record_and_its_slip_says_what_was_handed_over(tmp_path: Path) -> None:
    store, data = FolderStore(tmp_path / "store"), bag_bytes(some_contents(1))
    packed = a_bundle({"1": 1}).model_copy(update={"sha256": digest(data), "bytes": len(data)})
    store.create(packed.path, data)
    journal(store, "yanchi").append(packed.to_lines())
    made = hand_over(store, CAMPAIGN, packed, tmp_path / "usb", tmp_path / "papers", "t")
    assert data == made.path.read_bytes()
    assert [("yanchi", 1)] == [(one.centre, one.version) for one in downloads(store)]
    said = words(made.slip)
    wanted = ("交接单", "盐池学院", "yanchi-v0001.zip", "第1版", f"{len(data)}字节", "1人", packed.sha256)
    assert [] == [word for word in (*wanted, "交付人", "接收人") if word not in said]
    secret = hand_over(store, CAMPAIGN, packed, tmp_path / "usb", tmp_path / "papers", "t", "a-secret")
    assert ("AES-256" in words(secret.slip), "a-secret" in words(secret.slip)) == (True, False)
    assert secret.sha256 == digest(secret.path.read_bytes()) != packed.sha256


# ---- As people type it


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A parcel on a courier sheet, its number imported."""
    office = Office(tmp_path_factory.mktemp("office") / "w")
    pack(office.store, {"1": 1})
    (office.folder / "sf.csv").write_text(
        f"用户订单号,运单号\n{YANCHI},SF1234567890123\n坏,SF1\n", encoding="utf-8"
    )
    assert 0 == program("manifests", "--release", "yanchi", folder=office.folder).returncode
    return office


def test_the_way_of_a_parcel_by_commands(office: Office) -> None:
    done = program("shipments", "waybills", "import", office.folder / "sf.csv", "--json", folder=office.folder)
    assert (1, [YANCHI]) == (done.returncode, json.loads(done.stdout)["new"])
    assert "sf.csv 第3行「用户订单号」" in done.stderr
    right = program("shipments", "seal", YANCHI, "SF1234567890123", folder=office.folder)
    assert (0, "对") == (right.returncode, right.stdout.split()[0])
    assert 0 == program("shipments", "sent", "yanchi", folder=office.folder).returncode
    assert 0 == program("shipments", "date", "yanchi", "2023-08-01", folder=office.folder).returncode
    said = json.loads(program("status", "yanchi", "--json", folder=office.folder).stdout)
    (centre,) = said["centres"]
    (parcel,) = centre["shipment"]["parcels"]
    assert ("2023-08-01", "SF1234567890123", 1) == (centre["shipment"]["date"], parcel["waybill"], parcel["sheet"])
    assert all(parcel[step] for step in ("released", "sealed", "sent"))
    told = program("status", "longde", folder=office.folder).stdout
    assert "隆德学习中心：下发时间待通知" in told


def test_a_scanner_types_pairs_of_lines(office: Office) -> None:
    typed = f"{YANCHI}\nSF1234567890124\n\nSF1234567890123\n{YANCHI}\n"
    command = [sys.executable, "-c", "from cli.main import main; main()", "shipments", "seal"]
    workspace = ["--workspace", str(office.folder)]
    done = subprocess.run([*command, *workspace], input=typed, capture_output=True, text=True, check=False)
    assert (["不对", "对"], 0) == ([line.split()[0] for line in done.stdout.splitlines()], done.returncode)


def test_an_address_that_cannot_be_used_is_one_line_and_code_2(office: Office) -> None:
    fields = ("--contact", "王芳", "--signature", "王芳", "--address", "宁夏盐池县某路2号")
    wrong = program("address", "set", "yanchi", *fields, "--mobile", "138", folder=office.folder)
    assert (2, "", 1) == (wrong.returncode, wrong.stdout, len(wrong.stderr.splitlines()))
    assert "盐池学院「移动电话」" in wrong.stderr
    assert "138" not in wrong.stderr
    right = program("address", "set", "yanchi", *fields, "--mobile", "13812345678", "--json", folder=office.folder)
    assert (0, 1) == (right.returncode, json.loads(right.stdout)["record"])
