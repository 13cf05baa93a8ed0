"""A night to purge, and the same with one student purged; to be named in `pytest_plugins`."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cli.workspace import Workspace
from gradphoto.decision import Act
from gradphoto.demo.plan import Plan
from gradphoto.stages.consign import release, write_manifests
from gradphoto.stages.decide import take_decision
from tests.purging import purge, student
from tests.small_night import ANNA, BOB, build, run, small


def with_more() -> Plan:
    """The small night, its card copied twice, and a file beside the last picture of everybody."""
    plan = small()
    card = plan.days[0].cards[0]
    sittings = tuple((at, replace(one, beside=(".XMP",))) for at, one in card.turns)
    day = replace(plan.days[0], cards=(replace(card, turns=sittings, copied_to="copy"),))
    return replace(plan, days=(day,))


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two versions of Guyuan's bundle, decisions, and parcels of which one waits."""
    folder = tmp_path_factory.mktemp("night")
    build(folder, with_more())
    run(folder)
    place = Workspace(folder)
    chosen = place.bundles["guyuan"].deliveries[0]
    other = next(
        entry.original.sha256
        for entry in place.ledger.entries
        if entry.student_no == chosen.student_no and entry.state.value == "superseded"
    )
    take_decision(place.store, "test", "", act=Act.CHOOSE, capture=other)
    take_decision(place.store, "test", "", act=Act.ADMIT, student_no=BOB.student_no)
    run(folder)
    parcels(folder)
    return folder


def parcels(folder: Path) -> None:
    place = Workspace(folder)
    inputs = place.season.inputs
    release(place.store, "longde", place.bundles["longde"])
    addresses = (inputs.addresses, inputs.held_addresses)
    write_manifests(place.store, inputs.campaign, *addresses, place.sender, folder / "manifests")
    release(place.store, "guyuan", place.bundles["guyuan"])


@pytest.fixture
def folder(night: Path, tmp_path: Path) -> Path:
    """A copy of it to purge; time stamps stay."""
    shutil.copytree(night, tmp_path / "night")
    return tmp_path / "night"


@pytest.fixture(scope="session")
def without_anna(night: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The night with Anna purged."""
    folder = tmp_path_factory.mktemp("purged") / "night"
    shutil.copytree(night, folder)
    purge(folder, student(ANNA.student_no))
    return folder


@pytest.fixture
def afterwards(without_anna: Path, tmp_path: Path) -> Path:
    """A copy of that to go on with."""
    shutil.copytree(without_anna, tmp_path / "afterwards")
    return tmp_path / "afterwards"
