"""Who is at the keyboard: as the settings name the operator, else by the account."""

import getpass

from gradphoto.stages.place import Place


def operator(place: Place) -> str:
    """The name that goes on record."""
    return place.settings.operator or getpass.getuser()
