"""What every test has in common: a Prefect home of its own, so that nobody's real one is touched, no settings
from outside, and no time limit for a law on a busy machine. `make sweep` tries each law on many more examples.
"""

import atexit
import os
import shutil
import tempfile

import pytest
from hypothesis import settings

_HOME = tempfile.mkdtemp(prefix="gradphoto-prefect-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ.update(
    PREFECT_HOME=_HOME,
    PREFECT_SERVER_ANALYTICS_ENABLED="false",
    PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="120",
    PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL="CRITICAL",
)
for name in [name for name in os.environ if name.startswith("GRADPHOTO_") or name == "PREFECT_API_URL"]:
    del os.environ[name]

settings.register_profile("quick", deadline=None, derandomize=True)
settings.register_profile("sweep", deadline=None, max_examples=2000)
settings.load_profile("quick")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything can be installed a test that did not run is a failure; pytest's last lines say which."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
