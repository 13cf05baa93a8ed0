"""What ends a command: one clear line, and an exit code."""

from config.bad_input import BadInput

DONE, FAULT, BAD_INPUT, CENTRE_FAILED = 0, 1, 2, 3
INTERRUPTED = 130
"""What a shell expects after Ctrl-C."""


class Problem(BadInput):
    """Bad usage of a command: nothing was run."""
