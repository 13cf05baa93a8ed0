"""The paper of a purge (销毁回执): what, how many, when, by whom, what is still to be done. Pure.

It names no student by name.
"""

from gradphoto.purge import Receipt

KINDS = {
    "files": "收片记录（含副本、采集码照和附属文件）",
    "originals": "原片",
    "readings": "识读记录",
    "renders": "制作记录",
    "portraits": "成品照片",
    "bundles": "照片包版本",
    "decisions": "人工决定",
    "desk_rows": "签到日志的行",
}
"""What is counted, in the order in which it is said."""


def receipt_name(receipt: Receipt) -> str:
    """The name of its file."""
    return f"销毁回执-{receipt.purge:04d}.txt"


def receipt_text(receipt: Receipt) -> str:
    """The whole paper."""
    lines = [
        "销毁回执",
        "",
        f"编号：{receipt.purge}",
        f"清单校验码：{receipt.digest}",
        f"范围：{receipt.scope.text}",
        f"确认人：{receipt.who}",
        f"确认时间：{receipt.at}",
        "",
        "已从存储中销毁：",
        *(f"  {line}" for line in counted(receipt.counts)),
        "",
        "下列各项无法由程序销毁，须逐项处理并签字：",
        *(f"  □ {line}" for line in receipt.beyond),
        "",
        "经办人签字：________________  日期：____________",
        "监督人签字：________________  日期：____________",
    ]
    return "\n".join(lines) + "\n"


def counted(counts: dict[str, int]) -> list[str]:
    """How many of each kind, one a line; kinds of which there is none are left out."""
    return [f"{word}：{counts[kind]}" for kind, word in KINDS.items() if counts.get(kind)]
