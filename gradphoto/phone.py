"""Telephone numbers of the mainland as people write them: is it one, and whose kind. Pure.

What is right is left as it was written. Valid means by the numbering plan as the library `phonenumbers` has it;
that somebody answers there is not known.
"""

import re

_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|[-—,，])\s*(?P<extension>[0-9]{1,6})", re.IGNORECASE)
"""转801, 分机801, ext 801, and -801 behind a whole number, as office telephones are written."""
_WRITTEN = re.compile(r"[0-9() -]+")


def is_mobile(text: str) -> bool:
    """Whether it is a mobile number, without extension.

    >>> is_mobile("13812345678"), is_mobile("0951-2967052")
    (True, False)
    """
    from phonenumbers import PhoneNumberType

    return _kind(text) in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def is_phone(text: str) -> bool:
    """Whether it is a number of any kind that can be dialled from elsewhere, with or without an extension.

    >>> is_phone("0951-2967052转801"), is_phone("2967052")
    (True, False)
    """
    return _kind(text) is not None or _kind(_without_extension(text)) is not None


def _without_extension(text: str) -> str:
    found = list(_EXTENSION.finditer(text))
    return text[: found[-1].start()] if found and found[-1].end() == len(text) else ""


def _kind(text: str) -> int | None:
    """The kind of number; None when it is none. Only figures, brackets, blanks and hyphens are taken."""
    import phonenumbers  # its numbering plans take their time, and most commands do without

    if not _WRITTEN.fullmatch(text):
        return None
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code != 86 or not phonenumbers.is_valid_number(number):
        return None
    return int(phonenumbers.number_type(number))
