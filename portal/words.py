"""A decision in words, for whoever finds that somebody else has decided already."""

from typing import Any

from gradphoto.decision import Act, Decision

_ACTS = {
    Act.ASSIGN: "认定给",
    Act.CHOOSE: "选用",
    Act.REJECT: "退回",
    Act.HOLD: "暂扣",
    Act.ADMIT: "准入",
    Act.RECALL: "召回",
    Act.UNDO: "撤销决定",
}


def decision_words(decision: Decision) -> dict[str, Any]:
    """The decision's number, its capture, and a line that says who decided what."""
    told = (decision.student_no, decision.reason, str(decision.undone) if decision.undone else "")
    more = " ".join(each for each in told if each)
    line = f"{decision.who or '别人'} 已{_ACTS[decision.act]} {more}".rstrip()
    return {"number": decision.number, "capture": decision.capture, "line": f"{line}（决定 {decision.number}）"}
