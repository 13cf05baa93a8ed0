"""Whether what is kept as bytes is what its name or its record says: all that is no numbered record."""

from pathlib import Path
from re import Match
from tempfile import TemporaryDirectory

from gradphoto.adapters.store import StoreTrouble, damaged
from gradphoto.adapters.verify import verify
from gradphoto.packed import Packed, by_version
from gradphoto.stages.fsck_look import Look
from gradphoto.stages.standing import kept_line


def check_named(look: Look, key: str, found: Match[str]) -> None:
    """An original or input: its bytes are those that its name says."""
    sha256 = look.read(key, look.store.digest)
    if sha256 and sha256 != found["sha256"]:
        look.damaged.add(key)
        look.fault(str(damaged(key)))


def check_portrait(look: Look, key: str, _: Match[str]) -> None:
    """A portrait is read; the record of its rendering, which comes later, says what it should be."""
    sha256 = look.read(key, look.store.digest)
    if sha256:
        look.portraits[key] = sha256


def check_bundle(look: Look, key: str, found: Match[str]) -> None:
    """A bundle: its bytes are those of its record, and it is a valid bag that keeps its promises."""
    sha256 = look.read(key, look.store.digest)
    if not sha256:
        return
    packed = _record(look, found["name"], int(found["number"]))
    faults = look.read(key, lambda key: _bag_faults(look, key)) or []
    if packed and (packed.sha256, packed.bytes) != (sha256, look.sizes[key]):
        where = f"（首先是 {faults[0]}）" if faults else ""
        look.fault(f"{damaged(key)}{where}")
    else:
        look.faults += [f"存储中的 {key}：{fault}" for fault in faults]


def check_standing(look: Look, key: str, _: Match[str]) -> None:
    """What `status` told once, also of another release."""
    look.read(key, lambda key: kept_line(look.store, key))


def _record(look: Look, centre: str, version: int) -> Packed | None:
    """The bundle's record; one that is lost or damaged is told of among the records."""
    if f"packed/{centre}/{version:06d}.jsonl" not in look.there:
        return None
    try:
        return by_version(look.store, centre, version)
    except (StoreTrouble, ValueError, LookupError, TypeError):
        return None


def _bag_faults(look: Look, key: str) -> list[str]:
    with TemporaryDirectory(prefix="gradphoto-") as folder:
        path = Path(folder) / Path(key).name
        look.store.copy_to(key, path)
        return verify(path)
