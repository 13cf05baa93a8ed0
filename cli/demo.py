"""`demo`: a workspace of sample pictures, a night with a drilled failure, and whether it came out as it must."""

from pathlib import Path
from typing import Annotated

import typer

from cli.bundles import download
from cli.manifests import manifests
from cli.night import nightly, rerun
from cli.problem import CENTRE_FAILED, FAULT, Problem
from cli.show import alarm, print_table, say
from cli.status import status
from cli.workspace import Workspace
from gradphoto.demo.compare import differences
from gradphoto.demo.night import FAILING, NIGHT_PLAN
from gradphoto.demo.showing import SHEET, pictures
from gradphoto.demo.truth import Truth
from gradphoto.demo.workspace import README, TRUTH, build, is_demo
from gradphoto.stages.close import close_session


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="文件夹")] = Path("gradphoto-demo"),
) -> None:
    """演示：用自带的样片做一个工作区，跑完一夜，逐一核对，说明照片包在哪里。"""
    _refuse_other(folder)
    truth = build(folder, NIGHT_PLAN)
    say(f"一、示例工作区 {folder}：{len(truth.sessions)} 个场次，{len(truth.files)} 个文件")
    say(f"照片中的人是样片人物，不是学生；姓名、学号、地址均为虚构，见 {folder / README}")
    _close(truth, Workspace(folder))
    say(f"二、夜间流程，演练中心 {FAILING} 打包失败")
    _night(truth, folder)
    status(FAILING, workspace=folder)
    before = _digests(folder)
    say(f"三、只重做 {FAILING}")
    rerun([FAILING], workspace=folder)
    _untouched(before, _digests(folder))
    say("四、放行全部包裹，写寄送清单")
    manifests(folder / "manifests", ["all"], workspace=folder)
    say("五、下载照片包，复制后再逐字节校验")
    for centre in Workspace(folder).bundles:
        download(centre, folder / "bundles", workspace=folder)
    _show(truth, Workspace(folder))
    _where(folder)
    _compare(truth, Workspace(folder))


def _refuse_other(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise Problem(f"{folder} 不是文件夹：请换一个文件夹")
    if folder.is_dir() and any(folder.iterdir()) and not is_demo(folder):
        raise Problem(f"{folder} 里已有别的文件，不会动它们：请换一个空文件夹")


def _close(truth: Truth, place: Workspace) -> None:
    for session in truth.sessions:
        over = max(window.end for window in place.campaign.session(session).windows)
        close_session(place.store, session, "demo", over.isoformat())
    say(f"已收工：{' '.join(truth.sessions)}")


def _night(truth: Truth, folder: Path) -> None:
    """The night; that a centre fails is meant, and anything else ends the demo."""
    try:
        nightly(truth.sessions, drill=[f"fail={FAILING}"], workspace=folder)
    except typer.Exit as end:
        if end.exit_code != CENTRE_FAILED:
            raise


def _digests(folder: Path) -> dict[str, str]:
    return {centre: packed.sha256 for centre, packed in Workspace(folder).bundles.items()}


def _untouched(before: dict[str, str], after: dict[str, str]) -> None:
    changed = [centre for centre in before if centre != FAILING and before[centre] != after[centre]]
    if changed:
        alarm(f"重做 {FAILING} 时改动了其他中心的照片包：{' '.join(changed)}")
        raise typer.Exit(FAULT)
    say("其他中心的照片包一个字节也没有动")


def _show(truth: Truth, place: Workspace) -> None:
    entries = [entry for session in truth.sessions for entry in place.ledger.of_session(session)]
    bundles = place.bundles.values()
    for name, png in pictures(place.store, entries, bundles, place.folder / "bundles").items():
        (place.folder / name).write_bytes(png)


def _where(folder: Path) -> None:
    rows = [
        ("照片包", folder / "bundles"),
        ("全部成品一览", folder / SHEET),
        ("邮寄名单、顺丰导入表", folder / "manifests"),
        ("每次运行的报告", folder / "reports"),
        ("每个文件应有的结果", folder / TRUTH),
    ]
    print_table("都在这里", ("什么", "在哪里"), rows)
    say(f"接着可以看：gradphoto review list --workspace {folder}")


def _compare(truth: Truth, place: Workspace) -> None:
    """Say how the outcome agrees with the truth; a difference is a fault."""
    lines = differences(truth, place.ledger)
    for line in lines:
        alarm(f"不符 {line}")
    if lines:
        say(f"与事实逐一核对：{len(lines)} 处不符")
        raise typer.Exit(FAULT)
    say(f"与事实逐一核对：{len(truth.files)} 个文件、{len(truth.students)} 名学生全部相符")
