"""What every test has in common: a Prefect home of its own, so that nobody's real one is touched, no settings
from outside, and no time limit for a law on a busy machine. `make sweep` tries each law on many more examples,
and each sweep in its long form.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from config.language import CHINESE, ENGLISH
from gradphoto.language import speak

_HOME = tempfile.mkdtemp(prefix="gradphoto-prefect-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ.update(
    PREFECT_HOME=_HOME,
    PREFECT_SERVER_ANALYTICS_ENABLED="false",
    PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="120",
    PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL="CRITICAL",
)
os.environ["LC_ALL"] = "C.UTF-8"  # whoever's machine it is, Chinese is spoken
for name in [name for name in os.environ if name.startswith("GRADPHOTO_") or name == "PREFECT_API_URL"]:
    del os.environ[name]

DEAREST = (
    "test_serve", "test_privacy", "test_grow_dask", "test_scale", "test_review_page", "test_full_disk",
    "test_season_model", "test_s3", "test_whole_season", "test_demo", "test_cli", "test_flow", "test_events",
    "test_desk_page",
)  # fmt: skip
"""Files that take longest: begun last, one of them alone would keep the others' processes waiting."""

settings.register_profile("quick", deadline=None, derandomize=True)
settings.register_profile("sweep", deadline=None, max_examples=2000)
settings.load_profile("quick")


@pytest.fixture
def english(_nothing_left_behind: None) -> None:
    """Whoever looks reads English, until the test ends."""
    speak(ENGLISH)


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """What a run within this process sets for itself, its umask and language, ends with the test."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)
    speak(CHINESE)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything can be installed a test that did not run is a failure; pytest's last lines say which."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--sweep`: the long form of every sweep."""
    parser.addoption("--sweep", action="store_true", help="the long form of every sweep")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked `long` is of the long form only, as pytest says at the end. The dearest files begin."""
    if not config.getoption("--sweep"):
        long = [item for item in items if item.get_closest_marker("long")]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)
    places = {name: place for place, name in enumerate(DEAREST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session")
def amount(pytestconfig: pytest.Config) -> Callable[[int, int], int]:
    """`amount(short, long)`: how many times a sweep tries, in `make test` and in `make sweep`."""
    return lambda short, long: long if pytestconfig.getoption("--sweep") else short


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """`figure("…")`: what a sweep found, in one line; all of them stand at the end of the run."""
    return lambda line: record_property("figure", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The sweeps' figures."""
    reports = (one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, ()))
    for report in sorted(reports, key=lambda one: one.nodeid):
        for name, line in getattr(report, "user_properties", ()):
            if name == "figure" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {line}")
