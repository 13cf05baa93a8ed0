"""What a run is asked to do: plain values, so that Prefect can show and keep them. No personal data."""

from config.frozen import Frozen


class Plan(Frozen):
    """One run. `store` is an absolute address, `snapshot` the number of the inputs to work with."""

    workspace: str
    store: str
    snapshot: int
    sessions: tuple[str, ...]
    centres: tuple[str, ...] = ()
    """Only these are packed; empty: every centre that the sessions touch."""
    drill: tuple[str, ...] = ()
    """Centres whose packing is made to fail, for practice."""
    workers: int = 2
    shard_size: int = 200

    def wants(self, centre: str) -> bool:
        """Whether this centre is to be packed."""
        return not self.centres or centre in self.centres
