"""A bundle's files once more in a zip that only a password opens: AES-256 by the specification of WinZip (AE-2).

Contents are encrypted, names are not: whoever holds the file sees student numbers, and neither name nor picture.
Nothing is kept of the password. One block is in memory at a time; the order and the dates are the bundle's.
"""

import hashlib
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from pyzipper import WZ_AES, ZIP_STORED, AESZipFile

from gradphoto.adapters.unpack import ZIP_TROUBLE

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 O, 1 I L, U V: a password is read out over the telephone."""
GROUPS, IN_GROUP = 4, 5
"""Twenty of thirty letters: 98 bits."""
_BLOCK = 1 << 20
_FILE = 0o100644 << 16


def new_password() -> str:
    """A password that nobody had before, in groups with hyphens between them, which belong to it."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(IN_GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def encrypt(bundle: Path, target: IO[bytes], password: str) -> None:
    """Write the members of the zip `bundle` to `target`, each encrypted; stored, for pictures gain nothing."""
    with ZipFile(bundle) as plain, AESZipFile(target, "w", ZIP_STORED, encryption=WZ_AES) as sealed:
        sealed.setpassword(password.encode())
        for member in plain.infolist():
            copy = sealed.zipinfo_cls(member.filename, member.date_time)
            copy.file_size, copy.create_system, copy.external_attr = member.file_size, 3, _FILE
            with plain.open(member) as source, sealed.open(copy, "w") as out:
                shutil.copyfileobj(source, out, _BLOCK)


def same_contents(bundle: Path, encrypted: Path, password: str) -> bool:
    """Whether each member decrypts to what `bundle` holds; every byte of both is read."""
    try:
        with ZipFile(bundle) as plain, AESZipFile(encrypted) as sealed:
            sealed.setpassword(password.encode())
            return list(_digests(plain)) == list(_digests(sealed))
    except ZIP_TROUBLE:
        return False


def _digests(archive: ZipFile) -> Iterator[tuple[str, str]]:
    for member in archive.infolist():
        with archive.open(member) as file:
            yield member.filename, hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
