"""A kit as one file that may be lost with the laptop: sealed with a passphrase, and nothing of it in clear.

The key comes from the passphrase by scrypt; AES-256-GCM keeps the content secret and notices any change of it. A
checksum over all of it tells a file that was cut or spoiled from a wrong passphrase, and is secret to nobody.
"""

import os
import unicodedata
import zlib
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import ValidationError

from config.bad_input import BadInput
from config.documents import read_ordinary
from gradphoto.adapters.reasons import reason
from gradphoto.kit import Kit
from gradphoto.safe_name import safe_name

SUFFIX = ".gradkit"
LEAST_PASSPHRASE = 8
"""Characters; what is shorter is guessed in an evening, whatever scrypt costs."""
LARGEST = 64 << 20
"""Bytes of a file that may be a kit; 100,000 students are about 4 MB."""

_MAGIC = b"GRADPHOTO-KIT\n"
_VERSION = 1
"""Of the file's form and of the fields of a kit; another one is refused by name."""
_SALT, _NONCE, _SUM = 16, 12, 32
_HEAD = len(_MAGIC) + 1 + _SALT + _NONCE
_N, _R, _P = 1 << 17, 8, 1
"""128 MB of memory and about half a second a guess."""


class KitTrouble(BadInput):
    """A kit that cannot be opened, or a passphrase that seals nothing; its message is one line."""


def seal(kit: Kit, passphrase: str) -> bytes:
    """The kit as a file's bytes, other ones each time; `KitTrouble` when the passphrase is too short."""
    if len(_normal(passphrase)) < LEAST_PASSPHRASE:
        raise KitTrouble(f"口令太短：至少 {LEAST_PASSPHRASE} 个字符，请换一个")
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    head = _MAGIC + bytes([_VERSION]) + salt + nonce
    body = head + AESGCM(_key(passphrase, salt)).encrypt(
        nonce, zlib.compress(kit.model_dump_json().encode()), head
    )
    return body + sha256(body).digest()


def unseal(data: bytes, passphrase: str) -> Kit:
    """The kit of a file's bytes; `KitTrouble` says what is wrong: no kit, newer, spoiled, another passphrase."""
    head, sealed = _parted(data)
    salt, nonce = head[-_SALT - _NONCE : -_NONCE], head[-_NONCE:]
    try:
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, head)
    except InvalidTag:
        raise KitTrouble("口令不对：请核对大小写和输入法后再试") from None
    try:
        return Kit.model_validate_json(zlib.decompress(plain))
    except (ValidationError, zlib.error):
        raise KitTrouble("内容与本机的程序版本不符：请用本机的版本重新运行 gradphoto desk pack") from None


def is_kit(data: bytes) -> bool:
    """Whether that is how a kit of any version begins."""
    return data.startswith(_MAGIC)


def open_kit(path: Path, passphrase: str) -> Kit:
    """The kit of a file; `KitTrouble` names the file."""
    where = f"登记包 {safe_name(path.name)}"
    try:
        return unseal(read_ordinary(path, LARGEST), passphrase)
    except OSError as trouble:
        raise KitTrouble(f"{where}：无法读取（{reason(trouble)}），请检查路径和U盘") from None
    except KitTrouble as trouble:
        raise KitTrouble(f"{where}：{trouble}") from None


def _parted(data: bytes) -> tuple[bytes, bytes]:
    """Head and sealed content of a file that is whole and of this version."""
    if not is_kit(data):
        raise KitTrouble("不是登记包：请选择 gradphoto desk pack 写出的文件")
    if len(data) > len(_MAGIC) and data[len(_MAGIC)] != _VERSION:
        raise KitTrouble("由另一版本的 gradphoto 制作：请安装同一版本，或用本机的版本重新制作")
    body, checksum = data[:-_SUM], data[-_SUM:]
    if len(data) > LARGEST or len(body) < _HEAD or sha256(body).digest() != checksum:
        raise KitTrouble("文件不完整或已损坏：请重新拷贝")
    return body[:_HEAD], body[_HEAD:]


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_N, r=_R, p=_P).derive(_normal(passphrase).encode())


def _normal(passphrase: str) -> str:
    """One spelling for what keyboards of several systems write differently."""
    return unicodedata.normalize("NFC", passphrase)
