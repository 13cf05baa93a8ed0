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
    exam_no: str = ""
    """考生号; open education has none."""
    birth_date: str = ""
    major_code: str = ""
    entry_date: str = ""
    photo_expired: bool | None = None
    capture_code: str = ""
    slot: str = ""
    class_name: str = ""
    """Only for planning: who comes together."""
    ref: str = ""
    """`<file>:<row>` of the roster."""

    @property
    def entered(self) -> str:
        """When they entered, as the roster says it: the term, or where it has none the date."""
        return self.entry_term or self.entry_date
