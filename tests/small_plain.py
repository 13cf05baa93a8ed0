"""Fixtures: a small night before it was run, every picture of it remembered, and what it comes to undisturbed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.came_to import CameTo, came_to
from tests.crash_night import copy_of, workspace
from tests.crashes import went_well
from tests.remembered import remembered
from tests.small_night import NIGHT, run, small


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace before its night; within the module every picture of it is remembered."""
    folder = workspace(tmp_path_factory.mktemp("plain") / "plain", small())
    with remembered():
        with copy_of(folder) as elsewhere:
            run(elsewhere)
        yield folder


@pytest.fixture(scope="module")
def expected(plain: Path) -> CameTo:
    """What the night comes to on a folder when nothing happens."""
    with copy_of(plain) as folder:
        went_well(folder, NIGHT)
        return came_to(folder)
