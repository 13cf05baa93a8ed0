"""A bundle handed over as a zip that only a password opens.

The open bundle stands in the private folder for temporary files meanwhile and never in the target, which may be a
stick that goes by post: what was deleted from one can be read again.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from gradphoto.adapters.encrypted_zip import encrypt, same_contents
from gradphoto.adapters.fresh_file import write_fresh_file
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.store import Store
from gradphoto.packed import Packed
from gradphoto.stages.download import DownloadError, download, put_on_record

ENDING = "-encrypted.zip"


def hand_out_encrypted(store: Store, packed: Packed, to: Path, at: str, password: str) -> Path:
    """Put a download on record and carry it out, as `download_encrypted` does; of the password nothing is kept."""
    put_on_record(store, packed, at)
    return download_encrypted(store, packed, to, password)


def download_encrypted(store: Store, packed: Packed, to: Path, password: str) -> Path:
    """Write a bundle's encrypted copy into the folder `to`, over nothing that is there; where it stands.

    It gets its name only once all of it was decrypted again and is the bundle, verified as by `download`.
    `DownloadError` in one line when anything of that fails; `StoreTrouble` as the store raises it.
    """
    with TemporaryDirectory(prefix="gradphoto-") as scratch:
        bundle = download(store, packed.centre, packed.version, Path(scratch), packed.sha256)
        name = f"{bundle.stem}{ENDING}"
        try:
            path = write_fresh_file(to, name, lambda file: _sealed(bundle, file, password))
        except OSError as trouble:
            why = reason(trouble)
            raise DownloadError(f"{to / name}：无法写入（{why}）") from None
    if path is None:
        raise DownloadError(f"{name}：加密后读回的内容与照片包不同，未保留，请再试一次")
    return path


def _sealed(bundle: Path, file: IO[bytes], password: str) -> bool:
    encrypt(bundle, file, password)
    file.flush()
    return same_contents(bundle, Path(file.name), password)
