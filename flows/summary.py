"""A run in a few lines of Markdown, as Prefect shows it; counts only, no person."""

from gradphoto.run import CentreOutcome, Run

_WORDS = {"packaged": "新版本", "unchanged": "无变化", "failed": "失败"}


def summary(run: Run) -> str:
    """Sessions and centres of a run as two tables."""
    lines = [f"# {run.flow}", "", "| 场次 | 新收文件 | 未收 | 故障 |", "|---|---|---|---|"]
    lines += [
        f"| {one.session} | {one.added} | {len(one.refused) + len(one.growing)} | {one.reason} |"
        for one in run.sessions
    ]
    lines += ["", "| 中心 | 结果 | 版本 | 原因 |", "|---|---|---|---|"]
    lines += [_centre(one) for one in run.centres]
    return "\n".join(lines) + "\n"


def _centre(outcome: CentreOutcome) -> str:
    return f"| {outcome.centre} | {_WORDS[outcome.result]} | {outcome.version or ''} | {outcome.reason} |"
