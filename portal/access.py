"""A line for every access, in a file of the workspace: who, by what route, with what answer. Never what they sent.

Who is the number of an invite; a route is its pattern, so that neither a token nor a number that somebody put into
an address gets here. A line is one write to the end of the file, so that lines of several threads or programs do
not mix; it is made before the answer leaves, so that nothing leaves without one.
"""

import json
import os
from pathlib import Path

from gradphoto.adapters.durable import private

FILE = "portal-access.jsonl"


class AccessLog:
    """The file; opened for each line, so that it may be moved away at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, at: str, who: str, method: str, route: str, status: int, what: str = "") -> None:
        """One line; `what` is a centre's bundle. `OSError` when it cannot be written whole."""
        said = {"at": at, "who": who, "method": method, "route": route, "status": status, "what": what}
        line = json.dumps({key: value for key, value in said.items() if value != ""}, ensure_ascii=False) + "\n"
        handle = private(str(self._path), os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0))
        try:
            if os.write(handle, line.encode()) != len(line.encode()):
                raise OSError(f"{self._path}: cut off")
        finally:
            os.close(handle)
