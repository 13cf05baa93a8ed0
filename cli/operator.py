"""Who is at the keyboard: as the settings name the operator, else by the account."""

import getpass

from cli.workspace import Workspace


def operator(place: Workspace) -> str:
    """The name that goes on record."""
    return place.settings.operator or getpass.getuser()
