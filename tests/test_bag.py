"""A bundle as bytes: a valid bag, the same everywhere, and readable again."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import bagit
import openpyxl
import pytest

from gradphoto.adapters.bag import BundleError, read_contents, write_bag
from gradphoto.adapters.store import DamagedObject, digest
from gradphoto.adapters.verify import verify
from gradphoto.bundle import Delivery
from tests.some_bundle import ABSENT, DELIVERIES, LI, WANG, bag_bytes, jpeg, photo, some_contents

HERE = Path(__file__).parent.parent
NAMES = [
    "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "data/photos.csv",
    "data/missing.csv", "data/changes.csv", "data/名单.xlsx", "data/index.html", f"data/photos/{WANG}.jpg",
    f"data/photos/{LI}.jpg",
]  # fmt: skip


def opened() -> ZipFile:
    return ZipFile(BytesIO(bag_bytes(some_contents())))


def test_a_bundle_is_a_bag_of_the_same_name_by_the_bagit_library(tmp_path: Path) -> None:
    opened().extractall(tmp_path)
    bag = bagit.Bag(str(tmp_path / "yanchi-v0001"))
    assert bag.validate()
    assert "1.0" == bag.version
    assert "宁夏开放大学" == bag.info["Source-Organization"]
    assert ["yanchi-v0001"] == [path.name for path in tmp_path.iterdir()]


def test_everything_is_in_its_place_in_one_order() -> None:
    assert [f"yanchi-v0001/{name}" for name in NAMES] == opened().namelist()


def test_members_are_stored_with_one_date_and_mode_and_names_in_utf8() -> None:
    kinds = {
        (part.date_time, part.compress_type, part.create_system, part.external_attr >> 16, part.extra)
        for part in opened().infolist()
    }
    assert {((1980, 1, 1, 0, 0, 0), ZIP_STORED, 3, 0o100644, b"")} == kinds
    assert [0x800] == [part.flag_bits for part in opened().infolist() if "名单" in part.filename]


def test_bag_info_has_no_date_and_no_release_number() -> None:
    info = opened().read("yanchi-v0001/bag-info.txt").decode()
    assert "Bagging-Date" not in info
    assert [
        "Source-Organization: 宁夏开放大学",
        "External-Identifier: yanchi-v0001",
        "External-Description: 宁夏开放大学盐池学院毕业生照片",
        "Bag-Group-Identifier: ningxia-2023",
    ] == info.splitlines()[:4]
    assert [f"Gradphoto-Inputs: {'0' * 64}", "Gradphoto-Recipe: p1", "Gradphoto-Spec: chsi-2017"] == (
        info.splitlines()[5:]
    )


def test_the_photos_are_those_that_were_given() -> None:
    assert jpeg(0) == opened().read(f"yanchi-v0001/data/photos/{WANG}.jpg")


def test_the_list_for_people_opens_as_a_workbook() -> None:
    book = openpyxl.load_workbook(BytesIO(opened().read("yanchi-v0001/data/名单.xlsx")))
    assert ["学号", "姓名", "照片文件", "拍摄场次", "未采集原因"] == [cell.value for cell in book["名单"][1]]


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_makes_the_same_bytes(seed: str) -> None:
    code = (
        "from tests.some_bundle import *; from gradphoto.adapters.store import digest;"
        "print(digest(bag_bytes(some_contents())))"
    )
    env = {"PYTHONHASHSEED": seed, "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    run = subprocess.run([sys.executable, "-c", code], cwd=HERE, env=env, capture_output=True, check=True)
    assert digest(bag_bytes(some_contents())) == run.stdout.decode().strip()


def test_a_photo_that_is_not_the_recorded_one_stops_the_bag_and_leaves_no_archive(tmp_path: Path) -> None:
    def wrong(delivery: Delivery) -> bytes:
        return photo(delivery) if delivery.student_no == WANG else jpeg(2)

    path = tmp_path / "half.zip"
    with path.open("wb") as file, pytest.raises(DamagedObject, match=r"原片 0{63}1 的照片"):
        write_bag(file, some_contents(), wrong)
    assert ["压缩包不完整或已损坏，请重新下载"] == verify(path)


def test_one_photo_is_in_memory_at_a_time() -> None:
    asked: list[int] = []
    out = BytesIO()

    def watched(delivery: Delivery) -> bytes:
        asked.append(out.tell())
        return photo(delivery)

    write_bag(out, some_contents(), watched)
    assert len(jpeg(0)) <= asked[1] - asked[0] <= len(jpeg(0)) + 200


def test_what_was_delivered_can_be_read_from_the_bundle_alone(tmp_path: Path) -> None:
    path = tmp_path / "any name.zip"
    path.write_bytes(bag_bytes(some_contents()))
    assert (DELIVERIES, ABSENT) == read_contents(path)[:2]


def test_what_is_no_bundle_is_refused_in_one_line(tmp_path: Path) -> None:
    whole = bag_bytes(some_contents())
    for data in (b"", b"no zip", whole[:-300], b"PK\x05\x06" + bytes(18)):
        path = tmp_path / "x.zip"
        path.write_bytes(data)
        with pytest.raises(BundleError, match=r"x\.zip：[^\n]+$"):
            read_contents(path)


def test_a_centre_without_a_single_portrait_has_a_valid_bag_too(tmp_path: Path) -> None:
    ZipFile(BytesIO(bag_bytes(some_contents(deliveries=())))).extractall(tmp_path)
    assert bagit.Bag(str(tmp_path / "yanchi-v0001")).validate()
