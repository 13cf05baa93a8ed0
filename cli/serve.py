"""`serve`: the nights run by themselves, by event and by the clock."""

import signal
import threading
from pathlib import Path

from cli.problem import Problem
from cli.show import say, warn
from cli.workspace import Workspace, WorkspaceOption
from gradphoto.adapters.durable import private, private_folder
from gradphoto.adapters.lock import lock


def serve(workspace: WorkspaceOption = Path()) -> None:
    """自动运行：收工后即处理，每晚定时再查一遍；按 Ctrl-C 停止。"""
    place = Workspace(workspace)
    place.campaign_now  # noqa: B018  (refused before anything is started)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    home = place.folder / ".prefect"
    private_folder(home)
    with open(home / "serve.lock", "ab", opener=private) as only_one:
        if not lock(only_one):
            raise Problem(f"{place.folder} 已有 gradphoto serve 在运行，不必再开一个")
        _serve(place, stop)


def _serve(place: Workspace, stop: threading.Event) -> None:
    from flows.own_server import NoServer  # Prefect takes a second to import
    from flows.serving import serve as serve_deployments
    from gradphoto.stages.metrics import served_metrics

    def tell(url: str) -> None:
        when = f"每晚 {place.settings.schedule}（{place.campaign_now.timezone}）"
        say(f"正在运行：收工即处理，{when}再查一遍；页面 {url.removesuffix('/api')}，按 Ctrl-C 停止")

    try:
        with served_metrics(place.folder, place.settings.metrics_port):
            serve_deployments(place.folder, stop, tell, warn)
    except NoServer as trouble:
        raise Problem(f"Prefect 服务器没有应答（{trouble}）：请检查 PREFECT_API_URL，或去掉它再运行") from None
