"""The inputs of a run: kept in the store by digest and numbered, so that a worker needs only the store."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from config.bad_input import BadInput
from config.campaign import Campaign
from config.campaign_file import parse_campaign, read_campaign
from config.documents import read_ordinary
from config.frozen import Frozen
from config.settings import Settings
from config.spec import Spec, parse_spec, read_spec
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.sheets import MAX_BYTES
from gradphoto.adapters.store import Store, digest, fetch, keep
from gradphoto.inputs.mailing import Address, read_mailing
from gradphoto.inputs.problems import Held
from gradphoto.inputs.roster import Register, read_register
from gradphoto.photo_names import unnamed
from gradphoto.safe_name import safe_name

ROSTER_SUFFIXES = {".csv", ".xlsx"}
UNREADABLE_SUFFIXES = {".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers", ".txt"}
"""Sheets that nobody reads: passed over, their students would all be missing."""


class InputTrouble(BadInput):
    """Inputs that cannot be used: one line a trouble, and nothing was run."""


class InputFile(Frozen):
    """One file of the workspace as a run found it."""

    kind: str
    """`campaign`, `spec`, `settings`, `roster` or `mailing`."""
    name: str
    sha256: str


class Delivery(Frozen):
    """What the settings put into what is delivered."""

    artist: str
    copyright: str
    photo_name: str


@dataclass(frozen=True)
class Inputs:
    """One snapshot, parsed."""

    number: int
    digest: str
    """Of everything a bundle may depend on: all but the mailing list."""
    campaign: Campaign
    spec: Spec
    spec_digest: str
    delivery: Delivery
    register: Register
    addresses: Mapping[str, Address]
    held_addresses: tuple[Held, ...]

    @property
    def held(self) -> tuple[Held, ...]:
        """Rows of rosters and mailing list that were not used."""
        return (*self.register.held, *self.held_addresses)


def take_snapshot(store: Store, workspace: Path, settings: Settings, accept_missing: bool = False) -> int:
    """Keep the workspace's inputs; returns the number of their snapshot, that of the newest if nothing changed.

    `InputTrouble` when a file cannot be used, or a roster that was there last time is gone and that was
    not accepted; then nothing is recorded.
    """
    snapshots = _snapshots(store)
    while True:
        last = snapshots.last()  # before the files: whoever looked at them earlier must not get the higher number
        found = _usable(workspace, settings)
        files = [
            InputFile(kind=kind, name=name, sha256=digest(data)) for (kind, name), data in sorted(found.items())
        ]
        before = read_snapshot(store, last) if last else []
        if files == before:
            return last
        if not accept_missing:
            _refuse_missing(before, files)
        for data in found.values():
            keep(store, "inputs", data)
        if snapshots.take(last + 1, [file.model_dump() for file in files]):
            return last + 1


def is_current(store: Store, workspace: Path, settings: Settings) -> bool:
    """Whether the newest snapshot is what stands in the workspace now; writes nothing."""
    found = sorted(_found(workspace, settings), key=lambda one: one[:2])
    files = [InputFile(kind=kind, name=name, sha256=digest(data)) for kind, name, data in found]
    last = _snapshots(store).last()
    return last > 0 and files == read_snapshot(store, last)


def newest_snapshot(store: Store) -> int:
    """The number of the newest snapshot, 0 before the first run."""
    return _snapshots(store).last()


def read_snapshot(store: Store, number: int) -> list[InputFile]:
    """The files of one snapshot."""
    return [InputFile.model_validate(line) for line in _snapshots(store).record(number)]


def current_inputs(store: Store, workspace: Path, settings: Settings) -> Inputs:
    """Those of the newest snapshot; before the first run those that stand in the workspace, not recorded."""
    number = newest_snapshot(store)
    return load_inputs(store, number) if number else inputs_now(workspace, settings)


def inputs_now(workspace: Path, settings: Settings) -> Inputs:
    """Those that stand in the workspace, not recorded; `InputTrouble` when a file cannot be used."""
    return _parse(0, _usable(workspace, settings))


@lru_cache(maxsize=4)
def load_inputs(store: Store, number: int) -> Inputs:
    """The parsed inputs of one snapshot."""
    files = read_snapshot(store, number)
    return _parse(number, {(file.kind, file.name): fetch(store, "inputs", file.sha256) for file in files})


def _snapshots(store: Store) -> Journal:
    return Journal(store, "snapshots")


def _found(workspace: Path, settings: Settings) -> Iterator[tuple[str, str, bytes]]:
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


def _usable(workspace: Path, settings: Settings) -> dict[tuple[str, str], bytes]:
    found = {(kind, name): data for kind, name, data in _found(workspace, settings)}
    inputs = _parse(0, found)
    students = inputs.register.students.values()
    refused = [*inputs.register.refused, *unnamed(inputs.delivery.photo_name, students, inputs.campaign)]
    if not inputs.addresses:
        refused += [held.text for held in inputs.held_addresses if held.row == 0]
    if refused:
        raise InputTrouble("\n".join(refused))
    return found


def _refuse_missing(before: list[InputFile], files: list[InputFile]) -> None:
    gone = {file.name for file in before if file.kind == "roster"} - {file.name for file in files}
    if gone:
        names = "、".join(sorted(gone))
        raise InputTrouble(
            f"名册 {names} 上次还在，现在不见了：请放回 rosters/，或加 --accept-missing-roster 确认"
        )


def _parse(number: int, found: Mapping[tuple[str, str], bytes]) -> Inputs:
    """`found` holds data by kind and name."""
    kinds: dict[str, list[tuple[str, bytes]]] = {}
    for (kind, name), data in sorted(found.items()):
        kinds.setdefault(kind, []).append((name, data))
    (campaign_name, campaign_data), (spec_name, spec_data) = kinds["campaign"][0], kinds["spec"][0]
    campaign = parse_campaign(campaign_data.decode(), campaign_name)
    register = read_register(kinds.get("roster", []), campaign)
    addresses: dict[str, Address] = {}
    held: list[Held] = []
    for name, data in kinds.get("mailing", []):
        found_addresses, lost = read_mailing(data, name, campaign)
        addresses.update(found_addresses)
        held.extend(lost)
    return Inputs(
        number=number,
        digest=_digest(found),
        campaign=campaign,
        spec=parse_spec(spec_data.decode(), spec_name),
        spec_digest=profile_digest(spec_data),
        delivery=Delivery.model_validate_json(kinds["settings"][0][1]),
        register=register,
        addresses=addresses,
        held_addresses=tuple(held),
    )


def profile_digest(text: bytes) -> str:
    """The 12 digits by which what was made with a profile is kept."""
    return digest(text)[:12]


def _digest(found: Mapping[tuple[str, str], bytes]) -> str:
    """Names do not count: the same rosters under other names are the same inputs."""
    parts = sorted((kind, digest(data)) for (kind, _), data in found.items() if kind != "mailing")
    return digest(json.dumps(parts).encode())
