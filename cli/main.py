"""The program: every command, and how any of them ends."""

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, NoReturn

from cli import interrupt  # first: from here on Ctrl-C is one line

os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")  # the bars say how far it is

import typer
from typer._click.exceptions import ClickException

from cli import (
    address,
    bundles,
    campaign,
    check,
    demo,
    desk,
    doctor,
    export,
    handover,
    ingest,
    keep,
    manifests,
    night,
    offload,
    portal,
    prints,
    purge,
    recall,
    retakes,
    returns,
    review,
    serve,
    setup,
    shipments,
    status,
    watch,
)
from cli.help import command_of
from cli.problem import BAD_INPUT, DONE, FAULT, INTERRUPTED
from cli.show import aside, bear_any_console
from cli.usage import usage
from config.bad_input import BadInput
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.store import StoreTrouble
from gradphoto.language import shown, speak, spoken
from tasks.trouble import Bug

interrupt.loaded()
app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (
    demo.demo,
    setup.init,
    offload.offload,
    check.check,
    ingest.ingest,
    ingest.close,
    night.nightly,
    night.rerun,
    status.status,
    status.captures,
    recall.recall,
    bundles.download,
    handover.handover,
    bundles.verify,
    manifests.manifests,
    prints.prints,
    retakes.retakes,
    serve.serve,
    watch.watch,
    keep.fsck,
    keep.backup,
    doctor.doctor,
    purge.purge,
):
    app.command()(command)
app.command("export")(export.export_command)
app.add_typer(campaign.app, name="campaign")
app.add_typer(review.app, name="review")
app.add_typer(returns.app, name="returns")
app.add_typer(desk.app, name="desk")
app.add_typer(address.app, name="address")
app.add_typer(shipments.app, name="shipments")
app.add_typer(portal.app, name="portal")


@app.callback()
def everywhere(
    workspace: Annotated[Path | None, typer.Option("--workspace", metavar="DIR", help="工作区文件夹")] = None,
) -> None:
    """gradphoto：毕业生图像采集，从存储卡到快递单。"""
    if workspace is not None:  # also before the command, as people type it
        os.environ["GRADPHOTO_WORKSPACE"] = str(workspace)


def main() -> None:
    """Run a command; bad input ends in one line and code 2, Ctrl-C in one line and code 130. A bug crashes.

    Whatever is written is its owner's alone: there are people in it.
    """
    os.umask(0o077)
    bear_any_console()
    speak(interrupt.language())
    try:
        code = command_of(app)(standalone_mode=False) or DONE
    except ClickException as trouble:
        _end(usage(trouble), BAD_INPUT)
    except BadInput as trouble:
        _end(str(trouble), BAD_INPUT)
    except StoreTrouble as trouble:
        _end(f"存储故障：{trouble}。已收的原片都在，排除故障后再运行一次", BAD_INPUT)
    except OSError as trouble:
        _end(f"{trouble.filename or '系统'}：{reason(trouble)}，排除故障后再运行一次", BAD_INPUT)
    except Exception as bug:
        _crash(bug)
    else:
        if code == INTERRUPTED:
            _end(interrupt.SAYS[spoken()], code)
        sys.exit(code)


def _crash(bug: Exception) -> NoReturn:
    """End with a bug's traceback but without its words, which may hold what stands in a roster."""
    kind = bug if isinstance(bug, Bug) else type(bug).__name__
    sys.stderr.write("".join(traceback.format_tb(bug.__traceback__)))
    sys.stderr.write(f"{shown(f'程序错误：{kind}，请把以上各行告诉开发者')}\n")
    sys.exit(FAULT)


def _end(line: str, code: int) -> NoReturn:
    aside(line)
    sys.exit(code)
