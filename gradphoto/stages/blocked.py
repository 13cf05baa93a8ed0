"""Which bundle versions a recall blocks, for download and for the courier: read from decisions and bundles."""

from collections.abc import Iterable

from gradphoto.adapters.store import Store
from gradphoto.bundle import Delivery
from gradphoto.decision import Standing
from gradphoto.packed import Packed, by_version, newest
from gradphoto.recall import Version, wrong
from gradphoto.stages.journals import decided

BLOCKED = "含已召回的照片"


def wrong_in(store: Store, packed: Packed) -> tuple[Delivery, ...]:
    """The portraits for which this version is blocked; none when it is not."""
    said = decided(store)
    return wrong(packed, newest(store, packed.centre), said) if said.recalls else ()


def blocked_of(store: Store, versions: Iterable[Version]) -> set[Version]:
    """The blocked ones among some versions."""
    said = decided(store)
    return {one for one in versions if _blocked(store, one, said)} if said.recalls else set()


def _blocked(store: Store, version: Version, said: Standing) -> bool:
    centre = version[0]
    return bool(wrong(by_version(store, *version), newest(store, centre), said))
