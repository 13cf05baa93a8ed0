"""The one kind of exception that people cause: its message is a clear line, and nothing was run."""


class BadInput(ValueError):
    """Something that was given cannot be used; the message names it and says what to do."""
