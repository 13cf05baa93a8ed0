"""What the desk says: who somebody is, and what becomes of a code and a number that belong together."""

from collections.abc import Iterable

from config.frozen import Frozen
from gradphoto.matching.replaced import Pointer


class Card(Frozen):
    """A student as the desk shows and reads aloud; lines are in Chinese and empty when there is nothing to say."""

    student_no: str
    name: str
    """Empty when the student is not on this session's list."""
    centre: str = ""
    when: str = ""
    """Window and slot."""
    id_tail: str = ""
    listed: bool = True
    ineligible: str = ""
    """Why the student is not photographed in this campaign."""
    warning: str = ""
    photographed: str = ""
    bound: tuple[str, ...] = ()
    """The codes in force, each with when and where it was bound."""


class Refused(Frozen):
    """Nothing can be written, whoever confirms it."""

    why: str


class Asks(Frozen):
    """Written only after somebody confirmed exactly these questions."""

    questions: tuple[str, ...]


class Known(Frozen):
    """The same binding stands in this session's log already: there is nothing to write."""

    said: str


class Entry(Frozen):
    """A row to be written; one without a student takes back what it names and binds nobody."""

    code: str
    student_no: str = ""
    replaces: tuple[Pointer, ...] = ()


Answer = Refused | Asks | Known | Entry


def asking(questions: Iterable[str], confirmed: Iterable[str], entry: Entry) -> Asks | Entry:
    """The entry once every question was confirmed in the words in which it is asked now."""
    open_ = tuple(questions)
    return Asks(questions=open_) if set(open_) - set(confirmed) else entry
