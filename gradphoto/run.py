"""What one run did: its sessions, each centre's outcome, and what is told to people. Recorded, never delivered."""

from typing import Literal

from config.frozen import Frozen

Result = Literal["packaged", "unchanged", "failed"]


class CentreOutcome(Frozen):
    """What a run came to for one centre."""

    centre: str
    result: Result
    version: int = 0
    """Of the newest bundle; 0 when there is none."""
    reason: str = ""
    """Why it failed, in Chinese."""


class SessionOutcome(Frozen):
    """What a run came to for one session."""

    session: str
    added: int = 0
    """Files that were taken in."""
    refused: tuple[str, ...] = ()
    """Files that were not, each with why, in Chinese."""
    growing: tuple[str, ...] = ()
    """Files that were still being copied."""
    reason: str = ""
    """Why the session failed before packing, in Chinese."""
    inputs: str = ""
    """Digest of what the session's matches follow from."""


class Run(Frozen):
    """One run of `nightly` or `rerun`."""

    flow: str
    snapshot: int
    sessions: tuple[SessionOutcome, ...] = ()
    centres: tuple[CentreOutcome, ...] = ()

    @property
    def failed(self) -> tuple[CentreOutcome, ...]:
        """The centres that must be done again."""
        return tuple(outcome for outcome in self.centres if outcome.result == "failed")
