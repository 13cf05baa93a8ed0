"""A student as the register knows them."""

from config.frozen import Frozen


class Student(Frozen):
    """One registration (学籍). Every field is the roster's own text but for `centre`, which is an id."""

    student_no: str
    name: str
    centre: str
    gender: str = ""
    id_no: str = ""
    programme: str = ""
    level: str = ""
    major: str = ""
    entry_term: str = ""
    photo_expired: bool | None = None
    capture_code: str = ""
    slot: str = ""
    ref: str = ""
    """`<file>:<row>` of the roster."""
