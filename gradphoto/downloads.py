"""Downloads on record: which version of a centre's bundle left the house when. Nobody is named, nor any folder."""

from config.frozen import Frozen
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store


class Download(Frozen):
    """One download; `at` is for people only."""

    centre: str
    version: int
    at: str = ""


def note_download(store: Store, download: Download) -> int:
    """Put a download on record, before the copy is made: what is not on record cannot be recalled."""
    return downloads_journal(store).append([download.model_dump(mode="json")])


def downloads(store: Store) -> list[Download]:
    """Every download, in order."""
    return [Download.model_validate(line) for _, lines in downloads_journal(store).records() for line in lines]


def downloads_journal(store: Store) -> Journal:
    """The records of downloads, one a record."""
    return Journal(store, "downloads")
