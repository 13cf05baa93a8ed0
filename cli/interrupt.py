"""Ctrl-C while the program is still being loaded, which takes seconds: one line as at any later time.

It holds from the import of this module on, until `loaded`; so `cli.main` imports it before everything else.
"""

import os
import signal
import sys
import threading
from types import FrameType

from cli.workspace_named import named_workspace
from config.language import language_of

SAYS = {
    "zh": "已中断。已完成的部分都保留着，再运行一次即可",
    "en": "interrupted. What was finished is kept; run it again",
}
"""Nothing else is loaded that could be asked for a translation."""
_CODE = 130


def language() -> str:
    """In which everything is shown, by what stands before the words of the command are parsed."""
    return language_of(os.environ, named_workspace(sys.argv[1:]))


def loaded() -> None:
    """Ctrl-C is an exception again, which the commands tidy up after."""
    if _ours(_end):
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _ours(handler: object) -> bool:
    here = threading.current_thread() is threading.main_thread()  # no other thread may set a handler
    return here and signal.getsignal(signal.SIGINT) is handler


def _end(_number: int, _frame: FrameType | None) -> None:
    """At once: what is half loaded may not be able to end in order, and nothing was begun."""
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    os.write(2, f"{SAYS[language()]}\n".encode(encoding, "backslashreplace"))
    os._exit(_CODE)


if _ours(signal.default_int_handler):  # whoever set a handler keeps it
    signal.signal(signal.SIGINT, _end)
