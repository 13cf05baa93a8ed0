"""Looking at the machine itself: its Python, memory, limits, clock, zones and fonts."""

import contextlib
import ctypes
import os
import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from zoneinfo import available_timezones

from packaging.requirements import Requirement

from gradphoto.adapters.lettering import Lettering, NoFont
from gradphoto.doctor import Finding, attention, good, unfit

_UNSYNCHRONISED = 5
"""What `adjtimex` answers when nobody keeps the clock."""
_TIMEX_BYTES = 512
"""More than any system's `struct timex`; all zero it asks and sets nothing."""
_CGROUP = Path("/sys/fs/cgroup/memory.max")
_RARE = "学号姓名䶮𬭎"
"""What stands on every sheet, and characters of real names."""


def wrong_packages(extra: str = "") -> Iterator[str]:
    """The packages that are missing or of another version than this release wants, as `name version`."""
    for text in requires("gradphoto") or ():
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
            found = _version(wanted.name)
            if found is None or not wanted.specifier.contains(found, prereleases=True):
                yield f"{wanted.name} {found or '没有安装'}（应为 {wanted.specifier or '任一版本'}）"


def python() -> str:
    """The version of the Python that runs this."""
    return platform.python_version()


def memory() -> int | None:
    """Bytes that new processes can get, also under a container's limit; None where nobody says."""
    told = [amount for amount in (_available(), _allowed()) if amount is not None]
    return min(told, default=None)


def open_files() -> int | None:
    """How many files a process may have open; None where that is no question."""
    try:
        import resource  # not on Windows
    except ImportError:
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft


def kept_clock() -> Finding | None:
    """Whether something keeps this machine's clock; None where the kernel does not say."""
    with contextlib.suppress(OSError, AttributeError):
        said = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
        if said == _UNSYNCHRONISED:
            return attention("clock", "没有时间同步", "请开启时间同步：timedatectl set-ntp true")
        if said >= 0:
            return good("clock", "有时间同步")
    return None


def zones() -> Finding:
    """Whether time zones are known here; a campaign with a wrong one is refused when it is loaded."""
    if known := len(available_timezones()):
        return good("zone", f"有 {known} 个时区的数据")
    return unfit("zone", "没有时区数据", "请安装 tzdata")


def fonts() -> Finding:
    """Whether proof sheets can be drawn."""
    try:
        lacking = Lettering().lacking(_RARE)
    except NoFont as trouble:
        return attention("fonts", trouble.what, "校对表需要：请安装 fonts-noto-cjk")
    if lacking:
        return attention("fonts", f"字体中没有“{lacking}”", "姓名中的生僻字印不出：请安装 fonts-noto-cjk")
    return good("fonts", "中文字体可用，含生僻字")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _available() -> int | None:
    with contextlib.suppress(OSError):
        found = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
        return int(found[1]) << 10 if found else None
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _allowed() -> int | None:
    with contextlib.suppress(OSError, ValueError):
        return int(_CGROUP.read_text())
    return None
