"""`doctor`: is this machine fit, and what to do where it is not."""

from pathlib import Path

import typer

from cli.problem import FAULT
from cli.show import print_json, print_table, say
from cli.workspace import JsonOption, WorkspaceOption
from gradphoto.doctor import ABOUT_WORDS, LEVEL_WORDS, Finding, fit
from gradphoto.stages.doctor import examine_machine, examine_workspace


def doctor(workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """体检：这台机器能不能用，哪里要改。不留下任何东西。"""
    from flows.doctor import examine_dask, examine_prefect  # it takes its time to come

    folder = workspace.absolute()
    findings = [*examine_machine(), *examine_workspace(folder), *examine_prefect(), *examine_dask(folder)]
    if as_json:
        print_json({"fit": fit(findings), "findings": [finding.model_dump() for finding in findings]})
    else:
        print_table("体检", ("结论", "项目", "情况", "怎么办"), map(_row, findings))
        say("可以使用" if fit(findings) else "这台机器现在不能用：请先处理标为“不行”的各项")
    if not fit(findings):
        raise typer.Exit(FAULT)


def _row(finding: Finding) -> tuple[str, ...]:
    return LEVEL_WORDS[finding.level], ABOUT_WORDS[finding.about], finding.says, finding.do
