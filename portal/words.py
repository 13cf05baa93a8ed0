"""A decision in words, for whoever finds that somebody else has decided already."""

from typing import Any

from gradphoto.decision import Act, Decision
from gradphoto.language import shown

_LINES = {
    Act.ASSIGN: "{who} 已认定给{more}（决定 {number}）",
    Act.CHOOSE: "{who} 已选用{more}（决定 {number}）",
    Act.REJECT: "{who} 已退回{more}（决定 {number}）",
    Act.HOLD: "{who} 已暂扣{more}（决定 {number}）",
    Act.ADMIT: "{who} 已准入{more}（决定 {number}）",
    Act.RECALL: "{who} 已召回{more}（决定 {number}）",
    Act.UNDO: "{who} 已撤销决定{more}（决定 {number}）",
}


def decision_words(decision: Decision) -> dict[str, Any]:
    """The decision's number, its capture, and a line that says who decided what."""
    told = (decision.student_no, shown(decision.reason), str(decision.undone) if decision.undone else "")
    more = "".join(f" {each}" for each in told if each)
    who = decision.who or shown("别人")
    line = shown(_LINES[decision.act]).format(who=who, more=more, number=decision.number)
    return {"number": decision.number, "capture": decision.capture, "line": line}
