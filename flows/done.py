"""What a run left: plain values, so that whoever shows them needs nothing of Prefect, which is slow to come."""

from typing import NamedTuple

from gradphoto.run import Run


class Done(NamedTuple):
    """A run with the number of its record, and what it left for people."""

    number: int
    """0 when there is none, because the store took no more."""
    run: Run
    report: str
    """The folder of report and mailing list; empty when they could not be written."""
    remarks: list[str]
    """What somebody must look at."""
