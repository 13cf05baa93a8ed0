"""Whether a bag, as a folder or zip, encrypted or not, is valid and complete: one Chinese line a fault.

BagIt itself is judged in `gradphoto.adapters.verify_bagit`; what a bundle of ours promises beyond it stands in
`gradphoto.adapters.promises` and is asked for only where there is a `photos.csv`.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from gradphoto.adapters.promises import promise_faults
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.unpack import unpack
from gradphoto.adapters.verify_bagit import Findings, bag_findings
from gradphoto.adapters.verify_files import odd_files


def verify(path: Path, password: str | None = None) -> list[str]:
    """The faults of the bag at `path`; empty when it is valid and complete. Writes only to a temporary folder.

    `WrongPassword` when an encrypted zip does not open with it.
    """
    return judge(path, password).faults


def judge(path: Path, password: str | None = None) -> Findings:
    """The same with the warnings: what is odd about the bag and does not make it invalid."""
    try:
        found = _findings(path, password)
    except OSError as trouble:
        why = reason(trouble)
        return Findings([f"{path}：无法读取（{why}），请检查权限和磁盘空间"])
    return Findings([_one_line(line) for line in found.faults], [_one_line(line) for line in found.warnings])


def _one_line(fault: str) -> str:
    """Whatever stands in the bag that it quotes."""
    return "".join(letter if letter.isprintable() else "�" for letter in " ".join(fault.split()))


def _findings(path: Path, password: str | None) -> Findings:
    if path.is_dir():
        return _of_folder(path)
    if not path.is_file():
        return Findings([f"{path}：没有这个文件或文件夹，请检查路径"])
    with TemporaryDirectory(prefix="gradphoto-") as scratch:
        faults = unpack(path, Path(scratch), password=password)
        return Findings(faults) if faults else _of_folder(next(Path(scratch).iterdir()))


def _of_folder(folder: Path) -> Findings:
    odd = sorted(odd_files(folder))
    if odd:
        return Findings(odd)
    found = bag_findings(folder)
    found.faults += [fault for fault in promise_faults(folder) if fault not in found.faults]
    return found
