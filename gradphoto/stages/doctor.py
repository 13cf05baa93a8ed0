"""Doctor: everything that a night needs of this machine, looked at one after the other.

It starts nothing and leaves nothing behind; whatever is wrong is a finding and keeps nothing else from being
looked at. Without a workspace the machine is one that only helps: what is set in the environment counts.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from config.bad_input import BadInput
from config.campaign_file import load_campaign
from config.settings import FILE, Settings, cores, load_settings
from gradphoto.adapters import doctor_machine as machine
from gradphoto.adapters.doctor_pictures import pictures
from gradphoto.adapters.doctor_store import try_store
from gradphoto.adapters.store import open_store
from gradphoto.doctor import Finding, attention, fit, good, open_files, unfit, versions, workers
from gradphoto.stages.doctor_room import room

READ_FROM = ("rosters", "inbox")
"""Folders of a workspace that a night reads."""
_OTHERS = 0o077


def examine_machine() -> Iterator[Finding]:
    """What was found of the machine, whatever it works on."""
    yield versions(machine.python(), list(machine.wrong_packages()))
    yield from pictures()
    yield machine.fonts()
    yield machine.zones()
    limit = machine.open_files()
    if limit is not None:
        yield open_files(limit)
    yield from filter(None, [machine.kept_clock()])


def examine_workspace(folder: Path) -> Iterator[Finding]:
    """What was found of the workspace in `folder`, its store and their disks."""
    try:
        settings = load_settings(folder)
    except BadInput as trouble:
        yield unfit("settings", str(trouble), "请改正后再运行 gradphoto doctor")
        return
    yield from _workspace(folder, settings)
    yield workers(settings.workers, cores(), machine.memory())
    yield from _store(folder, settings)


def _workspace(folder: Path, settings: Settings) -> Iterator[Finding]:
    if not (folder / FILE).is_file():
        yield _no_workspace(folder, settings)
        return
    yield good("settings", str(folder / FILE))
    closed = [name for name in READ_FROM if not os.access(folder / name, os.R_OK | os.X_OK)]
    if closed:
        yield unfit(
            "workspace", f"读不到：{' '.join(closed)}", f"请建好这些文件夹或改正权限：gradphoto init {folder}"
        )
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield unfit("workspace", f"不能写入 {folder}", "报告和寄送清单写在这里，请改正权限或换一个磁盘")
    else:
        yield good("workspace", str(folder))
    yield from _permissions(folder)


def _no_workspace(folder: Path, settings: Settings) -> Finding:
    if settings.store.startswith("s3:"):
        return attention("workspace", f"{folder} 不是工作区", "只作工作机时不需要；收片和报告须在有工作区的机器上")
    return unfit("workspace", f"{folder} 不是工作区（没有 {FILE}）", f"请先运行 gradphoto init {folder}")


def _permissions(folder: Path) -> Iterator[Finding]:
    """Others on this machine must not see photographs, names and numbers; Windows has no such rights."""
    if os.name == "nt":
        return
    there = [one for one in (folder / name for name in (*READ_FROM, "store", "reports")) if one.is_dir()]
    if folder.stat().st_mode & _OTHERS == 0:
        there = []
    seen = [one.name for one in there if one.stat().st_mode & _OTHERS]
    if seen:
        do = f"照片和名册涉及个人信息，请运行 chmod 700 {folder}"
        yield attention("permissions", f"本机其他用户能进入：{' '.join(seen)}", do)
    else:
        yield good("permissions", "其他用户进不了工作区的文件夹")


def _store(folder: Path, settings: Settings) -> Iterator[Finding]:
    try:
        store = open_store(settings.store, folder, sweep=False)
    except BadInput as trouble:
        yield unfit("store", str(trouble), "请改正 gradphoto.toml 中的 store")
        return
    found = list(try_store(store))
    yield from found
    campaign = None
    if (folder / FILE).is_file():
        try:
            campaign = load_campaign(settings.campaign, folder)
        except BadInput as trouble:
            yield unfit("settings", str(trouble), "请改正后再运行 gradphoto campaign check")
    yield room(store, folder, campaign if fit(found) else None)
