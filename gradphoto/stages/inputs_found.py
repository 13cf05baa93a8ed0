"""The inputs that stand in a workspace: settings, campaign, profile, rosters and mailing list."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from config.campaign_file import read_campaign
from config.documents import read_ordinary
from config.settings import Settings
from config.spec import read_spec
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.sheets import MAX_BYTES
from gradphoto.photo_names import unnamed
from gradphoto.safe_name import safe_name
from gradphoto.stages.inputs import Delivery, Inputs, InputTrouble, parse_inputs

ROSTER_SUFFIXES = {".csv", ".xlsx"}
UNREADABLE_SUFFIXES = {".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers", ".txt"}
"""Sheets that nobody reads: passed over, their students would all be missing."""


def inputs_now(workspace: Path, settings: Settings) -> Inputs:
    """Those that stand in the workspace, not recorded; `InputTrouble` when a file cannot be used."""
    return parse_inputs(0, usable_files(workspace, settings))


def files_there(workspace: Path, settings: Settings) -> Iterator[tuple[str, str, bytes]]:
    """Kind, name and data of every file; `InputTrouble` when one cannot be read."""
    name, text = read_campaign(settings.campaign, workspace)
    yield "campaign", name, text.encode()
    name, text = read_spec(settings.spec, workspace)
    yield "spec", name, text.encode()
    delivery = Delivery(artist=settings.artist, copyright=settings.copyright, photo_name=settings.photo_name)
    yield "settings", "gradphoto.toml", json.dumps(delivery.model_dump(), sort_keys=True).encode()
    for path in _in_folder(workspace / "rosters"):
        if path.suffix.lower() in UNREADABLE_SUFFIXES:
            raise InputTrouble(f"rosters/{safe_name(path.name)}：读不了这种格式，请另存为 .xlsx 或 .csv")
        if path.suffix.lower() in ROSTER_SUFFIXES and not path.name.startswith(("~$", ".")):
            yield "roster", safe_name(path.name), _read(path, "rosters")
    mailing = workspace / "mailing.csv"
    if mailing in _in_folder(workspace):  # also a link that leads nowhere: it is there, and refused by name
        yield "mailing", mailing.name, _read(mailing, ".")


def _in_folder(folder: Path) -> list[Path]:
    """What stands in a folder, if there is one; a folder that cannot be looked into must not look empty."""
    try:
        return [folder / name for name in sorted(os.listdir(folder))]  # noqa: PTH208  pathlib hides some errors
    except FileNotFoundError:
        return []
    except OSError as trouble:
        raise InputTrouble(f"{folder}：无法读取（{reason(trouble)}），请检查文件夹和权限") from None


def _read(path: Path, folder: str) -> bytes:
    """At most a byte more than a sheet may have; nothing waits for a pipe of that name."""
    try:
        return read_ordinary(path, MAX_BYTES)
    except OSError as trouble:
        where = f"{folder}/{safe_name(path.name)}"
        raise InputTrouble(f"{where}：无法读取（{reason(trouble)}），请检查文件") from None


def usable_files(workspace: Path, settings: Settings) -> dict[tuple[str, str], bytes]:
    """The data of every file by kind and name; `InputTrouble` when something in one keeps it from being used."""
    found = {(kind, name): data for kind, name, data in files_there(workspace, settings)}
    inputs = parse_inputs(0, found)
    students = inputs.register.students.values()
    refused = [*inputs.register.refused, *unnamed(inputs.delivery.photo_name, students, inputs.campaign)]
    if not inputs.addresses:
        refused += [held.text for held in inputs.held_addresses if held.row == 0]
    if refused:
        raise InputTrouble("\n".join(refused))
    return found
