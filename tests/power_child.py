"""The programs whose power is cut, each saying on standard error what is promised to be durable, as soon as it is.

`LAZY` names a function of `durable` that does nothing here, to show that the sweep would notice. Worker processes
import this module too, so it holds for them as well.
"""

import os
import sys
from functools import wraps
from pathlib import Path

import gradphoto.stages.consign
import gradphoto.stages.report
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import content_key


def say(path):
    """Whatever is said to be whole is written at once, so that it stands at its place among the calls."""
    os.write(2, f"whole {path}\n".encode())


def _saying(method, key_of):
    @wraps(method)
    def told(self, first, *rest):
        done = method(self, first, *rest)
        say(self.root / key_of(first, done))
        return done

    return told


FolderStore.create = _saying(FolderStore.create, lambda key, _: key)
FolderStore.create_from = _saying(FolderStore.create_from, lambda key, _: key)
FolderStore.keep_from = _saying(FolderStore.keep_from, lambda prefix, kept: content_key(prefix, kept.sha256))


def _saying_fresh(write_fresh):
    @wraps(write_fresh)
    def told(folder, files):
        fresh = write_fresh(folder, files)
        for path in fresh.paths:
            say(path)
        return fresh

    return told


for module in (gradphoto.stages.consign, gradphoto.stages.report):
    module.write_fresh = _saying_fresh(module.write_fresh)

LAZY = {"settle": lambda file: file.flush(), "sync_folder": lambda _folder: None}
if lazy := os.environ.get("LAZY"):
    for name, module in list(sys.modules.items()):
        if name.startswith("gradphoto.") and hasattr(module, lazy):
            setattr(module, lazy, LAZY[lazy])


def night(folder):
    """A night, the end of the session, and parcels on a courier sheet."""
    from cli.workspace import Workspace
    from gradphoto.stages.close import close_session
    from gradphoto.stages.consign import release, write_manifests
    from tests.small_night import GUYUAN, run

    run(folder)
    place = Workspace(folder)
    close_session(place.store, GUYUAN, "test", "2023-07-03T18:00:00+08:00")
    for centre, packed in place.bundles.items():
        release(place.store, centre, packed)
    inputs = place.season.inputs
    held, sender = inputs.held_addresses, place.sender
    to = folder / "manifests" / "first"
    write_manifests(place.store, inputs.campaign, inputs.addresses, held, sender, to)


def ingest(folder):
    """A few files of any kind."""
    from gradphoto.stages.ingest import ingest as take_in

    take_in(FolderStore(folder / "store"), "2023-07-03-guyuan", folder / "inbox", "inbox", 3)


def offload(folder):
    """A card onto two drives, as it is typed."""
    from cli.main import main

    drives = [word for name in "AB" for word in ("--to", str(folder / "drives" / name))]
    sys.argv[1:] = ["offload", str(folder / "card"), "2023-07-02-yanchi", *drives]
    main()


if __name__ == "__main__":
    {"night": night, "ingest": ingest, "offload": offload}[sys.argv[1]](Path(sys.argv[2]))
