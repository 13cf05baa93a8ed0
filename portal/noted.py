"""Downloads are put on record before a byte leaves; the pieces of one that was cut off are one download."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from gradphoto.adapters.store import Store
from gradphoto.downloads import Download, note_download
from gradphoto.packed import Packed
from portal.visitor import Visitor

SAME = timedelta(hours=1)
"""How long what somebody fetches of one version is the same download."""
_REMEMBERED = 4096


class Noted:
    """What this program put on record."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._at: OrderedDict[tuple[str, str, int], datetime] = OrderedDict()
        self._turn = Lock()

    def note(self, visitor: Visitor, packed: Packed, now: datetime) -> None:
        """Put it on record, unless the same invite's download of the same version is."""
        key = (visitor.who, packed.centre, packed.version)
        with self._turn:
            before = self._at.get(key)
            if before and now - before < SAME:
                return
            at = now.isoformat(timespec="seconds")
            note_download(self._store, Download(centre=packed.centre, version=packed.version, at=at))
            self._at[key] = now
            self._at.move_to_end(key)
            if len(self._at) > _REMEMBERED:
                self._at.popitem(last=False)
