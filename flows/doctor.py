"""Looking at what Prefect needs here: a server that answers, of this version, or the room to start one.

A server that is away is worth attention and no more: a night does without it.
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.request import urlopen

import prefect
from prefect.settings import PREFECT_API_URL, PREFECT_HOME

from config.bad_input import BadInput
from config.settings import load_settings
from flows.own_server import answers
from gradphoto.doctor import Finding, attention, clock, good, server_version

_PATIENCE = 5.0


def examine_prefect() -> Iterator[Finding]:
    """What was found of the configured server, or of what a temporary one needs."""
    url = PREFECT_API_URL.value()
    if not url:
        yield _own()
    elif not answers(url):
        do = "夜间流程不用它也能运行；请启动服务器，或改正 PREFECT_API_URL"
        yield attention("prefect", f"服务器 {url} 没有应答", do)
    else:
        yield from _server(url.rstrip("/"))


def examine_dask(folder: Path) -> Iterator[Finding]:
    """What was found of the scheduler that the workspace's settings name, and of its workers."""
    with suppress(BadInput):  # told already
        if address := load_settings(folder).dask:
            yield _workers(address)


def _workers(address: str) -> Finding:
    alone = "夜间流程会只用本机"
    try:
        from flows.dask_client import own_release, releases

        there, own = releases(address), own_release()
    except ImportError:
        return attention("dask", f"本机没有安装 distributed，{alone}", "请重新安装：make setup")
    except Exception as trouble:  # whatever keeps a worker elsewhere from answering
        return attention(
            "dask", f"{address}：{type(trouble).__name__}，{alone}", "请检查调度器和工作机，见 docs/deploy.md"
        )
    if not there:
        return attention("dask", f"{address} 没有工作机，{alone}", "请启动工作机：systemctl start dask-worker@1")
    if other := sum(one != own for one in there):
        return attention("dask", f"{len(there)} 台工作机中 {other} 台的版本与本机不同", "请把所有机器换成同一版本")
    return good("dask", f"{len(there)} 台工作机，版本相同")


def _server(url: str) -> Iterator[Finding]:
    try:
        with urlopen(f"{url}/admin/version", timeout=_PATIENCE) as reply:
            theirs, date = str(json.load(reply)), reply.headers.get("Date")
    except (OSError, ValueError):
        yield attention("prefect", f"{url} 不像是 Prefect 服务器", "请改正 PREFECT_API_URL")
        return
    yield server_version(prefect.__version__, theirs)
    if date:
        yield clock("Prefect 服务器", time.time() - parsedate_to_datetime(date).timestamp())


def _own() -> Finding:
    home = Path(PREFECT_HOME.value())
    stands = next(one for one in (home, *home.absolute().parents) if one.exists())
    if not os.access(stands, os.W_OK | os.X_OK):
        return attention(
            "prefect", f"不能写入 {home}", "没有运行历史和事件；请改正权限，或用 PREFECT_HOME 另指一个文件夹"
        )
    try:
        socket.create_server(("127.0.0.1", 0)).close()
    except OSError:
        return attention("prefect", "不能在本机开端口", "没有运行历史和事件；请检查 127.0.0.1 和防火墙")
    return good("prefect", "没有配置服务器，运行时自带一个")
