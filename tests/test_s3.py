"""The store on a real S3 service: what goes wrong with keys, networks and servers, and a whole night on it.

What every form of the store does alike is in test_store.py.
"""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from boto3.session import Session

from gradphoto.adapters import s3_client, s3_multipart
from gradphoto.adapters.s3_client import forget
from gradphoto.adapters.s3_store import S3Store
from gradphoto.adapters.store import DamagedObject, MissingObject, Store, StoreTrouble
from tests.fault_proxy import Faults, fault_proxy, something_else
from tests.seaweed import BUCKET, SECRET, Seaweed, environment
from tests.small_night import build, bundles, program, small

pytest_plugins = ["tests.seaweed_fixture"]

WRITERS, RACES = 5, 20


@pytest.fixture
def store(seaweed: Seaweed) -> S3Store:
    return seaweed.new_store()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """The smallest part that S3 knows, so that a few megabytes are many."""
    monkeypatch.setattr(s3_multipart, "PART", 5 << 20)
    return 5 << 20


@contextmanager
def through(seaweed: Seaweed, faults: Faults, **how: Any) -> Iterator[None]:
    """Within it everybody reaches the service only through a proxy with these faults."""
    with fault_proxy(seaweed.url, faults, **how) as url, environment({"AWS_ENDPOINT_URL": url}):
        yield


def client() -> Any:
    """S3 as anybody sees it."""
    return Session().client("s3")


def uploads(store: S3Store) -> list[Any]:
    """The uploads to this store that are not completed."""
    return client().list_multipart_uploads(Bucket=BUCKET, Prefix=f"{store.prefix}/").get("Uploads", [])


# Clear words


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("AWS_SECRET_ACCESS_KEY", "wrong", "访问密钥不对"),
        ("AWS_ACCESS_KEY_ID", "nobody", "访问密钥不对"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1", "连不上 S3 服务"),
        ("AWS_ENDPOINT_URL", "minio.example:9000", "AWS_ENDPOINT_URL 改成"),
        ("AWS_PROFILE", "none", "AWS_PROFILE"),
    ],
)
def test_wrong_settings_are_one_clear_line_without_a_secret(
    store: S3Store, variable: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_client, "ATTEMPTS", 2)
    with environment({variable: value}):
        for act in (lambda: store.create("a", b""), lambda: list(store.keys("a")), lambda: store.read("a")):
            with pytest.raises(StoreTrouble, match=says) as trouble:
                act()
            assert 1 == len(str(trouble.value).splitlines())
            assert SECRET not in str(trouble.value)


def test_without_credentials_it_says_which_variables_to_set(
    store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with environment({}):
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        with pytest.raises(StoreTrouble, match="没有访问密钥，请设 AWS_ACCESS_KEY_ID"):
            store.read("a")


@pytest.mark.usefixtures("seaweed")
def test_a_bucket_that_is_not_there_is_named_and_not_made() -> None:
    absent = S3Store("no-such-bucket", "a")
    for act in (lambda: absent.create("a", b""), lambda: list(absent.keys("a")), lambda: absent.read("a")):
        with pytest.raises(StoreTrouble, match="存储桶 no-such-bucket）：存储桶不存在"):
            act()


@pytest.mark.parametrize("status", [301, 404])
def test_an_address_of_something_else_is_named(
    store: S3Store, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_client, "ATTEMPTS", 1)
    with something_else(status) as url, environment({"AWS_ENDPOINT_URL": url}):
        for act in (lambda: store.create("a", b""), lambda: list(store.keys("a"))):
            with pytest.raises(StoreTrouble, match="没有 S3 服务，请检查 AWS_ENDPOINT_URL"):
                act()


def test_a_service_that_does_not_answer_is_trouble_in_time(
    seaweed: Seaweed, store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_client, "ATTEMPTS", 2)
    monkeypatch.setattr(s3_client, "READ_TIMEOUT", 0.2)
    monkeypatch.setattr(s3_client, "PATIENCE", 0.3)
    with through(seaweed, Faults(late=1.0, delay=0.5)), pytest.raises(StoreTrouble, match="没有回答"):
        store.read("a")


def test_a_service_that_stays_busy_is_trouble(
    seaweed: Seaweed, store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ATTEMPTS", 1), ("PAUSE", 0.1), ("PATIENCE", 6)):
        monkeypatch.setattr(s3_client, name, value)
    faults = Faults(busy=1.0)
    with through(seaweed, faults), pytest.raises(StoreTrouble, match="服务繁忙"):
        store.read("a")
    assert faults.happened["busy"] > 1


def test_a_key_below_another_objects_is_trouble_and_not_somebody_elses(
    store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_client, "PAUSE", 0)
    store.create("a/b", b"")
    with pytest.raises(StoreTrouble, match="名称被占用却没有内容"):
        store.create("a", b"")


# Bytes on their way


def test_bytes_that_were_spoiled_on_their_way_in_are_not_taken(
    seaweed: Seaweed, store: S3Store, tmp_path: Path, small_parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_client, "PATIENCE", 0)
    (tmp_path / "film").write_bytes(bytes(small_parts + 1))
    with through(seaweed, Faults(spoiled=1.0)):
        for write in (
            lambda: store.create("a", b"whole"),
            lambda: store.keep_from("a", [b"whole"]),
            lambda: store.create_from("a", tmp_path / "film"),
        ):
            with pytest.raises(StoreTrouble):
                write()
    assert not store.exists("a")
    assert [] == uploads(store) == list(store.keys("a"))


def test_bytes_that_were_spoiled_on_their_way_out_are_damaged(
    seaweed: Seaweed, store: S3Store, tmp_path: Path
) -> None:
    store.create("a", b"whole")
    with through(seaweed, Faults(spoiled=1.0)):
        with pytest.raises(DamagedObject):
            store.read("a")
        with pytest.raises(DamagedObject):
            store.copy_to("a", tmp_path / "copy")
        assert sha256(b"whole").hexdigest() != store.digest("a")
    assert not (tmp_path / "copy").exists()
    assert b"whole" == store.read("a")


def test_a_reply_that_breaks_off_is_read_on_from_there(seaweed: Seaweed, store: S3Store, tmp_path: Path) -> None:
    data = bytes(range(256)) * 20_000
    store.create("a", data)
    faults = Faults(torn=0.2)
    with through(seaweed, faults):
        while not faults.happened["torn"]:
            assert data == store.read("a")
        assert sha256(data).hexdigest() == store.digest("a")
        store.copy_to("a", tmp_path / "copy")
    assert data == (tmp_path / "copy").read_bytes()


# One winner


def test_a_write_whose_reply_is_lost_is_still_the_writers_own(seaweed: Seaweed, store: S3Store) -> None:
    faults = Faults(lost=0.5)
    with through(seaweed, faults), ThreadPoolExecutor(20) as pool:
        assert all(pool.map(lambda number: store.create(f"a/{number}", b"own"), range(20)))
        assert not any(pool.map(lambda number: store.create(f"a/{number}", b"own"), range(20)))
    assert faults.happened["lost"] > 5


def test_writers_through_a_bad_network_have_one_winner_a_key_and_lose_nothing(
    seaweed: Seaweed, store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ATTEMPTS", 3), ("READ_TIMEOUT", 1.5)):  # shorter rounds, and more of them
        monkeypatch.setattr(s3_client, name, value)
    races = [(writer, number) for number in range(RACES) for writer in range(WRITERS)]
    faults = Faults(busy=0.4, dropped=0.05, lost=0.1, late=0.02, delay=2)
    with through(seaweed, faults), ThreadPoolExecutor(len(races)) as pool:
        won = pool.map(lambda race: store.create(f"race/{race[1]}", str(race[0]).encode()), races)
        winners = [race for race, mine in zip(races, won, strict=True) if mine]
    assert [(int(store.read(f"race/{number}")), number) for number in range(RACES)] == winners
    assert {"busy", "dropped", "lost"} <= set(faults.happened)


def test_large_objects_have_one_winner_too(
    seaweed: Seaweed, store: S3Store, tmp_path: Path, small_parts: int
) -> None:
    films = [tmp_path / str(writer) for writer in range(3)]
    for writer, film in enumerate(films):
        film.write_bytes(bytes([writer]) * (2 * small_parts + 1))
    with through(seaweed, Faults(busy=0.1, lost=0.2)), ThreadPoolExecutor(3) as pool:
        won = list(pool.map(lambda film: store.create_from("film", film), films))
    (winner,) = (film for film, mine in zip(films, won, strict=True) if mine)
    assert winner.read_bytes() == store.read("film")


def test_files_have_one_winner_whatever_their_size_and_leave_no_parts(
    store: S3Store, tmp_path: Path, small_parts: int
) -> None:
    films = [tmp_path / str(size) for size in (0, 1, small_parts, small_parts + 1, 2 * small_parts + 1)]
    for film in films:
        film.write_bytes(bytes(int(film.name)))
    for number in range(6):  # all at once, which SeaweedFS alone does not tell apart
        with ThreadPoolExecutor(len(films)) as pool:
            won = list(pool.map(lambda film: store.create_from(f"film/{number}", film), films))  # noqa: B023
        winners = [int(film.name) for film, mine in zip(films, won, strict=True) if mine]
        assert [store.size(f"film/{number}")] == winners
    assert [] == uploads(store)
    assert 6 == len(list(store.keys("film")))


KILLED_WITH_A_CLAIM = """
import os, sys
from pathlib import Path
from gradphoto.adapters import s3_multipart
from gradphoto.adapters.s3_client import forget
from gradphoto.adapters.s3_store import S3Store
s3_multipart._complete = lambda *_: os.kill(os.getpid(), 9)
S3Store(*sys.argv[1:3]).create_from("film", Path(sys.argv[3]))
"""


@pytest.mark.parametrize("next_one", ["writes", "sweeps"])
def test_what_a_writer_claimed_before_it_was_killed_is_completed_by_the_next(
    store: S3Store, tmp_path: Path, next_one: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "film").write_bytes(b"the first")
    (tmp_path / "other").write_bytes(b"the second")
    command = [sys.executable, "-c", KILLED_WITH_A_CLAIM, store.bucket, store.prefix, str(tmp_path / "film")]
    assert -signal.SIGKILL == subprocess.run(command, check=False).returncode
    assert not store.exists("film")
    monkeypatch.setattr(s3_multipart, "LEFTOVER_AGE", timedelta(days=-1 if next_one == "sweeps" else 1))
    store.sweep()
    if next_one == "writes":
        assert not store.create_from("film", tmp_path / "other")
    assert b"the first" == store.read("film")
    assert [] == uploads(store)


def test_large_content_is_kept_in_parts_under_its_digest(store: S3Store, small_parts: int) -> None:
    data = bytes(range(256)) * 50_000
    kept = store.keep_from("originals", (data[start : start + 999_999] for start in range(0, len(data), 999_999)))
    assert (sha256(data).hexdigest(), len(data), True) == kept
    (key,) = store.keys("originals")
    assert (kept.sha256, len(data)) == (store.digest(key), store.size(key))
    assert store.size(key) > 2 * small_parts


def test_what_a_killed_writer_left_of_a_large_object_is_swept_after_a_day(
    seaweed: Seaweed, store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = seaweed.new_store()
    for one in (store, other):
        client().create_multipart_upload(Bucket=BUCKET, Key=f"{one.prefix}/film")
    store.sweep()
    assert 1 == len(uploads(store))  # it may be somebody's yet
    monkeypatch.setattr(s3_multipart, "LEFTOVER_AGE", timedelta(days=-1))
    store.sweep()
    assert ([], 1) == (uploads(store), len(uploads(other)))


# Other services


def stands(path: str) -> bool:
    bucket, _, key = path.removeprefix("/").partition("/")
    return key in [one["Key"] for one in client().list_objects_v2(Bucket=bucket, Prefix=key).get("Contents", ())]


def test_a_service_with_the_header_of_aliyun_oss_creates_once_too(
    seaweed: Seaweed, store: S3Store, tmp_path: Path, small_parts: int
) -> None:
    (tmp_path / "film").write_bytes(bytes(small_parts + 1))
    with through(seaweed, Faults(), oss=stands):
        assert store.create("a", b"first")
        assert not store.create("a", b"second")
        assert store.create_from("film", tmp_path / "film")
        with ThreadPoolExecutor(WRITERS) as pool:
            won = list(pool.map(lambda writer: store.create("race", str(writer).encode()), range(WRITERS)))
    assert (b"first", small_parts + 1) == (store.read("a"), store.size("film"))
    assert [int(store.read("race"))] == [writer for writer, mine in enumerate(won) if mine]


def test_a_service_that_overwrites_is_no_store(seaweed: Seaweed, store: S3Store) -> None:
    with (
        through(seaweed, Faults(), oss=lambda _: False),
        pytest.raises(StoreTrouble, match="不支持独占创建"),
    ):
        store.create("a", b"")


# The listing, the process, the power


def test_more_keys_than_one_answer_holds_are_all_listed(store: S3Store) -> None:
    expected = sorted(f"many/{number % 7}/{number}" for number in range(1005))
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda key: store.create(key, b""), expected))
    assert expected == list(store.keys("many"))


def test_what_is_no_key_is_not_listed(store: S3Store) -> None:
    store.create("a/b", b"")
    for name in (".exclusive", "a/.DS_Store", "a/新建 文件.txt"):
        client().put_object(Bucket=BUCKET, Key=f"{store.prefix}/{name}", Body=b"")
    assert ["a/b"] == list(store.keys("a"))


def test_the_client_of_a_process_is_not_its_childrens(store: S3Store) -> None:
    store.create("a", b"here")
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        assert [b"here"] * 4 == list(pool.map(store.read, ["a"] * 4))


def write_until(stop: threading.Event, store: Store, writer: int, acknowledged: list[str]) -> None:
    """Write key after key through whatever comes, and note what was acknowledged."""
    for number in count():
        key = f"writer/{writer}-{number}"
        while not stop.is_set():
            try:
                store.create(key, key.encode())
            except StoreTrouble:
                continue  # it may stand there or not; the next try tells
            acknowledged.append(key)
            break
        else:
            return


@pytest.mark.usefixtures("seaweed")  # and with it the skip
def test_a_server_that_is_killed_has_lost_nothing_it_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, stop, acknowledged = Seaweed(tmp_path), threading.Event(), list[str]()
    with server.running(), ThreadPoolExecutor(4) as pool:
        store = server.new_store()
        with monkeypatch.context() as impatient:
            for name, value in (("ATTEMPTS", 2), ("PATIENCE", 1), ("READ_TIMEOUT", 3)):
                impatient.setattr(s3_client, name, value)
            forget()
            writing = [pool.submit(write_until, stop, store, writer, acknowledged) for writer in range(4)]
            grown(acknowledged, 100)
            server.kill()
            server.start()
            grown(acknowledged, len(acknowledged) + 100)
            stop.set()
            assert [None] * 4 == [one.result() for one in writing]
        forget()
        assert [key.encode() for key in acknowledged] == list(pool.map(store.read, acknowledged))


def grown(acknowledged: list[str], number: int) -> None:
    """Wait until so many writes were acknowledged."""
    until = time.monotonic() + 60
    while len(acknowledged) < number:
        assert time.monotonic() < until
        time.sleep(0.01)


# A night

RUN = """
import sys
from pathlib import Path
from tests.small_night import run
for folder in sys.argv[1:]:
    assert not run(Path(folder)).run.failed
"""


@pytest.fixture(scope="module")
def nights(seaweed: Seaweed, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, S3Store]:
    """The same night on a folder and, through a bad network, on S3; run in a process that saw no other store."""
    store = seaweed.new_store()
    on_folder, on_s3 = (tmp_path_factory.mktemp(form) for form in ("folder", "s3"))
    for folder in (on_folder, on_s3):
        build(folder, small())
    settings = on_s3 / "gradphoto.toml"
    url = f"s3://{store.bucket}/{store.prefix}"
    settings.write_text(settings.read_text("utf-8").replace("file:store", url), "utf-8")
    with through(seaweed, Faults(busy=0.02, lost=0.01, torn=0.01)):
        subprocess.run([sys.executable, "-c", RUN, on_folder, on_s3], check=True, timeout=300)
    return on_folder, on_s3, store


def test_a_night_on_s3_comes_to_the_same_bytes_as_on_a_folder(nights: tuple[Path, Path, S3Store]) -> None:
    on_folder, on_s3, store = nights
    delivered = {key.rpartition("/")[2]: store.read(key) for key in store.keys("bundles")}
    assert bundles(on_folder) == delivered != {}
    assert {} == bundles(on_s3)


def test_the_commands_work_on_s3(nights: tuple[Path, Path, S3Store], tmp_path: Path) -> None:
    _, on_s3, store = nights
    status = program("status", "--json", folder=on_s3)
    bundle = next(one["bundle"] for one in json.loads(status.stdout)["centres"] if one["id"] == "guyuan")
    assert bundle["sha256"] == store.digest(bundle["path"])
    assert 0 == program("download", "guyuan", "--to", tmp_path, folder=on_s3).returncode
    assert 0 == program("verify", tmp_path / "guyuan-v0001.zip").returncode


def test_a_command_without_the_right_key_says_so_in_one_line(nights: tuple[Path, Path, S3Store]) -> None:
    _, on_s3, _ = nights
    with environment({"AWS_SECRET_ACCESS_KEY": "wrong"}):
        refused = program("status", folder=on_s3)
    assert (2, "") == (refused.returncode, refused.stdout)
    assert "访问密钥不对" in refused.stderr
    assert 1 == len(refused.stderr.splitlines())


def test_what_is_missing_is_missing_and_not_trouble(store: S3Store) -> None:
    with pytest.raises(MissingObject, match="存储中没有 none"):
        store.read("none")
