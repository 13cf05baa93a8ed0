"""Download: the bundle as it is in the store, verified after the copy, and nothing else overwritten."""

from pathlib import Path

import pytest

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import digest
from gradphoto.stages.download import DownloadError, NoSuchBundle, download, versions
from tests.some_bundle import bag_bytes, some_contents

V1, V2 = bag_bytes(some_contents(1)), bag_bytes(some_contents(2))


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """A store with two versions of one centre's bundle."""
    store = FolderStore(tmp_path / "store")
    store.create("bundles/yanchi/yanchi-v0001.zip", V1)
    store.create("bundles/yanchi/yanchi-v0002.zip", V2)
    return store


def test_the_newest_version_is_downloaded_under_its_own_name(store: FolderStore, tmp_path: Path) -> None:
    path = download(store, "yanchi", None, tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder" / "yanchi-v0002.zip", V2) == (path, path.read_bytes())
    assert [path] == list(path.parent.iterdir())


def test_an_older_version_can_be_asked_for(store: FolderStore, tmp_path: Path) -> None:
    assert V1 == download(store, "yanchi", 1, tmp_path, digest(V1)).read_bytes()
    assert [1, 2] == versions(store, "yanchi")


@pytest.mark.parametrize(
    ("centre", "version", "says"),
    [
        ("guyuan", None, "'guyuan' 还没有照片包"),
        ("../store", None, "还没有照片包"),
        ("yanchi", 3, "没有第 3 版照片包，现有：1、2"),
    ],
)
def test_a_bundle_that_does_not_exist_is_said_in_one_line(
    store: FolderStore, tmp_path: Path, centre: str, version: int | None, says: str
) -> None:
    with pytest.raises(NoSuchBundle, match=says):
        download(store, centre, version, tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_again_is_no_harm(store: FolderStore, tmp_path: Path) -> None:
    assert download(store, "yanchi", 1, tmp_path) == download(store, "yanchi", 1, tmp_path)


def test_another_file_of_that_name_is_left_alone(store: FolderStore, tmp_path: Path) -> None:
    there = tmp_path / "yanchi-v0001.zip"
    there.write_bytes(b"mine")
    with pytest.raises(DownloadError, match="已有同名但内容不同的文件"):
        download(store, "yanchi", 1, tmp_path)
    assert b"mine" == there.read_bytes()


def test_a_bundle_that_is_not_the_recorded_one_is_not_handed_over(store: FolderStore, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="校验值不符"):
        download(store, "yanchi", 1, tmp_path / "to", digest(V2))
    assert [] == list((tmp_path / "to").iterdir())


def test_a_damaged_bundle_is_not_handed_over(store: FolderStore, tmp_path: Path) -> None:
    store.create("bundles/guyuan/guyuan-v0001.zip", V1[:-1])
    with pytest.raises(DownloadError, match="核验未通过，共 1 处，第一处是"):
        download(store, "guyuan", None, tmp_path / "to")
    assert [] == list((tmp_path / "to").iterdir())


def test_a_folder_that_cannot_be_made_is_said_in_one_line(store: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadError, match="无法写入"):
        download(store, "yanchi", None, tmp_path / "file")
