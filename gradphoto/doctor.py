"""Whether a machine is fit for the work: figures that were looked up, judged and put into words. Pure.

Who looks them up is `gradphoto.stages.doctor`, and for Prefect the flows. What is not good comes with what to do.
"""

from collections.abc import Collection, Iterable
from typing import Literal

from config.frozen import Frozen

Level = Literal["good", "attention", "unfit"]
About = Literal[
    "python",
    "settings",
    "workspace",
    "permissions",
    "store",
    "clock",
    "zone",
    "disk",
    "workers",
    "files",
    "models",
    "decoder",
    "fonts",
    "prefect",
    "dask",
]
LEVEL_WORDS: dict[Level, str] = {"good": "好", "attention": "注意", "unfit": "不行"}
ABOUT_WORDS: dict[About, str] = {
    "python": "程序",
    "settings": "设置",
    "workspace": "工作区",
    "permissions": "权限",
    "store": "存储",
    "clock": "时钟",
    "zone": "时区",
    "disk": "磁盘",
    "workers": "工作进程",
    "files": "打开文件数",
    "models": "识别模型",
    "decoder": "严格解码",
    "fonts": "字体",
    "prefect": "Prefect",
    "dask": "Dask",
}
ODD_SECONDS, WRONG_SECONDS = 5, 300
"""How far a clock may be off: people look at times of records; S3 refuses what is signed 15 minutes off."""
WORKER_BYTES = 400 << 20
"""What a worker takes for pictures of 24 megapixels with its networks."""
FEW_FILES, TOO_FEW_FILES = 1024, 256


class Finding(Frozen):
    """One thing that was looked at."""

    about: About
    level: Level
    says: str
    do: str = ""
    """What to do; empty when it is good."""


def good(about: About, says: str) -> Finding:
    """Nothing to do."""
    return Finding(about=about, level="good", says=says)


def attention(about: About, says: str, do: str) -> Finding:
    """The work can be done, but not as well."""
    return Finding(about=about, level="attention", says=says, do=do)


def unfit(about: About, says: str, do: str) -> Finding:
    """The work cannot be done on this machine."""
    return Finding(about=about, level="unfit", says=says, do=do)


def fit(findings: Iterable[Finding]) -> bool:
    """Whether the work can be done."""
    return all(finding.level != "unfit" for finding in findings)


def clock(against: str, ahead: float) -> Finding:
    """The clock of this machine is so many seconds ahead of another's.

    >>> clock("S3", -412.3).says
    '本机时钟比S3慢412秒'
    """
    off = abs(round(ahead))
    if off < ODD_SECONDS:
        return good("clock", f"与{against}一致")
    says = f"本机时钟比{against}快{off}秒" if ahead > 0 else f"本机时钟比{against}慢{off}秒"
    return (attention if off < WRONG_SECONDS else unfit)("clock", says, "请开启时间同步：timedatectl set-ntp true")


def workers(wanted: int, cores: int, memory: int | None) -> Finding:
    """So many processes on so many cores with so many bytes of memory, if that is known."""
    fitting = None if memory is None else max(1, memory // WORKER_BYTES)
    says = f"{wanted} 个进程，{cores} 个处理器核" + ("" if memory is None else f"，可用内存 {memory >> 20} MB")
    if memory is not None and memory < WORKER_BYTES:
        return unfit("workers", says, f"一个进程约需 {WORKER_BYTES >> 20} MB 内存，请关闭其他程序或增加内存")
    if fitting is not None and wanted > fitting:
        return attention("workers", says, f"内存只够 {fitting} 个，请把 gradphoto.toml 中的 workers 改小")
    if wanted > cores:
        return attention("workers", says, "进程比处理器核多，不会更快，请把 gradphoto.toml 中的 workers 改小")
    return good("workers", says)


def open_files(limit: int) -> Finding:
    """The system lets a process have so many files open."""
    says = f"一个进程最多 {limit} 个"
    if limit >= FEW_FILES:
        return good("files", says)
    level = attention if limit >= TOO_FEW_FILES else unfit
    return level("files", says, f"请用 ulimit -n 或 systemd 的 LimitNOFILE 调到 {FEW_FILES} 以上")


def versions(python: str, wrong: Collection[str]) -> Finding:
    """The Python that runs, and the packages that are not as this release wants them."""
    if wrong:
        return unfit("python", f"Python {python}，版本不符：{'，'.join(sorted(wrong))}", "请重新安装：make setup")
    return good("python", f"Python {python}，各软件包版本相符")


def server_version(own: str, theirs: str) -> Finding:
    """A Prefect server is to be as new as what talks to it."""
    if own == theirs:
        return good("prefect", f"服务器有应答，版本 {theirs}")
    says = f"服务器版本 {theirs}，本机 {own}"
    return attention("prefect", says, "请把服务器和所有机器换成同一版本，先换服务器")
