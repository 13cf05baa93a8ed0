"""Consign as a task: counts reconciled with the bundles, mailing list and report written to the workspace."""

from pathlib import Path
from typing import NamedTuple

from config.settings import load_settings
from gradphoto.adapters.store import open_store
from gradphoto.courier import sender_of
from gradphoto.run import Run
from gradphoto.stages.report import write_report
from gradphoto.stages.standing import keep_overview
from tasks.stage import stage


class Consigned(NamedTuple):
    """Where report and mailing list stand, and what somebody must look at."""

    folder: str
    remarks: list[str]


@stage("consign")
def consign(url: str, workspace: str, number: int, run: Run) -> Consigned:
    """Write what a run leaves for people, and keep what `status` will tell them."""
    folder = Path(workspace)
    sender = sender_of(load_settings(folder))
    store = open_store(url, folder)
    written, remarks = write_report(store, folder, number, run, sender)
    keep_overview(store)
    return Consigned(str(written), remarks)
