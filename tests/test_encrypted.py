"""An encrypted bundle: its own files for whoever has the password, which is shown once and kept nowhere."""

import hashlib
import hmac
import json
import os
import re
import secrets
import struct
import subprocess
import sys
import time
import tracemalloc
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from cli.workspace import Workspace
from gradphoto.adapters.encrypted_zip import LETTERS, encrypt, new_password, same_contents
from gradphoto.adapters.verify import verify
from gradphoto.downloads import downloads
from gradphoto.packed import newest
from gradphoto.stages.download_encrypted import download_encrypted
from tests.small_night import program
from tests.some_bundle import bag_bytes, some_contents
from tests.test_golden import bundle

BUNDLE = bag_bytes(some_contents())
PASSWORD = "ABCDE-FGHJK-MNPQR-STVWX"
LISTENING = """
import json, sys
from pathlib import Path
from cli.workspace import Workspace
from gradphoto.packed import newest
from gradphoto.stages.download_encrypted import download_encrypted
seen, store = [], Workspace(Path(sys.argv[1])).store
def hear(event, said):
    if event in ("open", "os.mkdir") and isinstance(said[0], str) and said[1] != "r":
        seen.append(said[0])
sys.addaudithook(hear)
download_encrypted(store, newest(store, "yanchi"), Path(sys.argv[2]), "ABCDE-FGHJK-MNPQR-STVWX")
print(json.dumps([path for path in seen if "yanchi" in path or path.endswith(".part") or "gradphoto-" in path]))
"""
SHOWN = re.compile(rf"密码（含连字符）：((?:[{LETTERS}]{{5}}-){{3}}[{LETTERS}]{{5}})$", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the bundle of one centre."""
    folder = tmp_path_factory.mktemp("workspace")
    bundle(folder)
    return folder


def sealed(folder: Path, data: bytes = BUNDLE) -> Path:
    """The bundle's encrypted copy."""
    (folder / "plain.zip").write_bytes(data)
    with (folder / "sealed.zip").open("w+b") as file:
        encrypt(folder / "plain.zip", file, PASSWORD)
    return folder / "sealed.zip"


def opened_by_the_specification(path: Path, password: str) -> dict[str, bytes]:
    """The contents by WinZip's own words (AE-2, strength 3), written from them and from nothing else."""
    found, data = {}, path.read_bytes()
    for member in ZipFile(BytesIO(data)).infolist():
        assert (99, 0) == (member.compress_type, member.CRC), "a checksum of the plain text tells of it"
        assert struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0) == member.extra
        name, extra = struct.unpack("<HH", data[member.header_offset + 26 : member.header_offset + 30])
        start = member.header_offset + 30 + name + extra
        salt, check, rest = (
            data[start:][:16],
            data[start + 16 :][:2],
            data[start + 18 : start + member.compress_size],
        )
        keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 66)
        assert keys[64:] == check
        assert hmac.digest(keys[32:64], rest[:-10], "sha1")[:10] == rest[-10:]
        blocks = b"".join(number.to_bytes(16, "little") for number in range(1, len(rest) // 16 + 2))
        stream = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor().update(blocks)
        found[member.filename] = bytes(one ^ two for one, two in zip(rest[:-10], stream, strict=False))
    return found


def test_it_is_what_the_specification_says_and_holds_the_bundles_files(tmp_path: Path) -> None:
    with ZipFile(BytesIO(BUNDLE)) as whole:
        expected = {name: whole.read(name) for name in whole.namelist()}
    assert expected == opened_by_the_specification(sealed(tmp_path), PASSWORD)


def test_no_name_and_no_picture_stands_in_it(tmp_path: Path) -> None:
    data = sealed(tmp_path).read_bytes()
    assert not [word for word in ("王芳", "买买提", "\ufeff", "JFIF", "BagIt") if word.encode() in data]


def test_a_password_has_80_bits_and_no_letter_that_looks_like_another() -> None:
    found = {new_password() for _ in range(1000)}
    assert 1000 == len(found)
    assert all(re.fullmatch(rf"([{LETTERS}]{{5}}-){{3}}[{LETTERS}]{{5}}", one) for one in found)
    assert set(LETTERS) == set("".join(found)) - {"-"}
    assert len(set(LETTERS)) ** 20 > 2**80
    assert not set("0O1IL") & set(LETTERS)


def test_a_copy_that_changed_on_its_way_is_noticed(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    plain = tmp_path / "plain.zip"
    assert same_contents(plain, path, PASSWORD)
    assert not same_contents(plain, path, PASSWORD.lower())
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert not same_contents(plain, path, PASSWORD)


def test_memory_does_not_grow_with_the_bundle(tmp_path: Path) -> None:
    block, plain = secrets.token_bytes(1 << 20), tmp_path / "plain.zip"
    with ZipFile(plain, "w") as archive, archive.open("a/large", "w") as file:
        for _ in range(64):
            file.write(block)
    tracemalloc.start()
    with (tmp_path / "sealed.zip").open("w+b") as out:
        encrypt(plain, out, PASSWORD)
    assert same_contents(plain, tmp_path / "sealed.zip", PASSWORD)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


def test_nothing_open_is_ever_written_where_the_encrypted_file_goes(folder: Path, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LISTENING, folder, tmp_path], capture_output=True, check=True)
    below = [path for path in json.loads(done.stdout) if Path(path).is_relative_to(tmp_path)]
    assert below
    assert {".part"} == {Path(path).suffix for path in below}
    assert not list(tmp_path.glob("*.part"))


def test_nothing_is_overwritten(folder: Path, tmp_path: Path) -> None:
    store = Workspace(folder).store
    packed = newest(store, "yanchi")
    assert packed
    paths = [download_encrypted(store, packed, tmp_path, PASSWORD) for _ in range(2)]
    assert ["yanchi-v0001-encrypted.zip", "yanchi-v0001-encrypted-2.zip"] == [path.name for path in paths]
    assert sorted(paths) == sorted(tmp_path.iterdir())
    assert paths[0].read_bytes() != paths[1].read_bytes()
    assert 0o600 == paths[0].stat().st_mode & 0o777


def test_the_password_is_shown_once_and_kept_nowhere(folder: Path, tmp_path: Path) -> None:
    before = len(downloads(Workspace(folder).store))
    done = program("download", "yanchi", "--encrypt", "--to", tmp_path, folder=folder)
    assert 0 == done.returncode
    shown = SHOWN.findall(done.stderr)
    assert 1 == len(shown)
    assert shown[0] not in done.stdout
    assert before + 1 == len(downloads(Workspace(folder).store))
    kept = (path for path in folder.rglob("*") if path.is_file())
    assert not [path for path in kept if shown[0].encode() in path.read_bytes()]
    assert [] == verify(tmp_path / "yanchi-v0001-encrypted.zip", shown[0])


def test_a_program_has_it_from_the_document_and_verifies_with_a_file(folder: Path, tmp_path: Path) -> None:
    done = program("download", "yanchi", "--encrypt", "--json", "--to", tmp_path, folder=folder)
    told = json.loads(done.stdout)
    path, secret = Path(told["path"]), tmp_path / "password"
    assert (told["sha256"], told["bytes"]) == (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)
    secret.write_text(f"{told['password']}\r\n", encoding="utf-8", newline="")
    good = program("verify", path, "--password-file", secret)
    assert (0, f"{path} 完整有效\n", "") == (good.returncode, good.stdout, good.stderr)
    secret.write_text(PASSWORD)
    wrong = program("verify", path, "--password-file", secret)
    assert (2, "", 1) == (wrong.returncode, wrong.stdout, len(wrong.stderr.splitlines()))
    assert "密码不对，或者文件已损坏" in wrong.stderr


@pytest.mark.skipif(os.name == "nt", reason="a terminal of POSIX")
def test_without_a_file_the_terminal_is_asked_and_without_that_it_is_said(tmp_path: Path) -> None:
    import pty

    command = [sys.executable, "-c", "from cli.main import main; main()", "verify", str(sealed(tmp_path))]
    alone = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, check=False
    )
    assert (2, 1) == (alone.returncode, len(alone.stderr.splitlines()))
    assert "请用 --password-file 给出密码文件" in alone.stderr.decode()
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], command)
    said, deadline = b"", time.monotonic() + 120
    while "密码：".encode() not in said and time.monotonic() < deadline:
        said += os.read(terminal, 1000)
    time.sleep(0.2)
    os.write(terminal, f"{PASSWORD}\n".encode())
    said += _rest(terminal)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert PASSWORD.encode() not in said


def _rest(terminal: int) -> bytes:
    """What a terminal shows until its program ends."""
    said = b""
    while True:
        try:
            more = os.read(terminal, 1000)
        except OSError:
            return said
        if not more:
            return said
        said += more
