"""What is said at the venue: of a trouble what to do now, and of each frame who it is and whether it is good."""

from collections.abc import Iterable

from gradphoto.discrepancy import FILE, TEXTS, Discrepancy
from gradphoto.matching.kind import Kind
from gradphoto.matching.match import Match

AGAIN = "叫回来，先拍采集码，再拍人像"
_WHO = "问清画面中是谁，让这名学生重拍采集码和人像；已走的记下学号，回去核对"
_DESK = "到登记台核对采集码和学号，改正登记后再拍一次"
_FILE = "重拍一张；再看存储卡和相机是否正常，换卡后继续"

TODO = {
    "no-frame": AGAIN,
    "no-portrait": "叫回来补拍人像，先再拍一次采集码",
    "refused": "检查文件和权限，重新拷贝后再检查一次",
    "slate-unreadable": "让学生调亮屏幕、放大采集码，重拍采集码和人像；已走的记下学号，回去核对",
    "two-codes": "只出示一个采集码，重拍采集码和人像",
    "unclassified": _WHO,
    "no-slate": f"若是试拍则无妨；否则{_WHO}",
    "code-unknown": "到登记台用该采集码登记学号，登记后不必重拍",
    "student-unknown": "到登记台核对学号；不在名册的请办公室补名册",
    "ineligible": "请办公室核对名册；确应采集的由办公室准入",
    "several-faces": "画面中只留本人，重拍",
    "tilted": "头摆正，重拍",
    "turned": "面部正对镜头，重拍",
    "blurred": "对好焦，重拍",
    "overexposed": "减少曝光，重拍",
    "underexposed": "增加曝光，重拍",
    "backdrop-uneven": "整理背景布和灯光，重拍",
    "backdrop-colour": "检查背景布，重拍",
    "eyes-closed": "睁开眼睛，重拍",
    "glasses": "摘下眼镜，重拍",
    "blue-top": "换下蓝色上衣，重拍",
    "mouth-open": "闭上嘴，重拍",
    "crown-doubtful": "理好头发、与背景分开，重拍",
    "no-headroom": "头顶上方多留一些，重拍",
    "too-far": "走近一些，重拍",
    "too-near": "退远一些，重拍",
    "off-side": "坐到画面中间，重拍",
    "no-footroom": "下方多留一些，重拍",
    "proportions": "整理头发或摘下帽子，重拍",
    "upscaled": "相机改用最大尺寸，重拍",
    "byte-window": "检查曝光和感光度，重拍",
    "dark-edges": "检查遮光罩和镜头边缘，重拍",
    "remeasured": "坐正、看镜头，重拍",
    "code-two-students": _DESK,
    "student-two-codes": _DESK,
    "binding-other-centre": _DESK,
    "session-unknown": "检查采集安排中的场次",
} | dict.fromkeys(FILE, _FILE)
"""What to do now, by the code of a trouble."""


def todo(codes: Iterable[str]) -> str:
    """What to do about several troubles of one picture, each thing once; 重拍 stands at the end."""
    said = dict.fromkeys(TODO.get(code, _WHO) for code in codes)
    if len(said) == 1:
        return next(iter(said))
    parts = [each.removesuffix("，重拍") for each in said]
    return "，".join(parts) + ("，重拍" if any(each.endswith("，重拍") for each in said) else "")


def words(troubles: Iterable[Discrepancy]) -> str:
    """Troubles in the words for students, without figures, each once.

    >>> words([Discrepancy(code="eyes-closed", detail="0.1"), Discrepancy(code="glasses")])
    '闭眼、疑似佩戴眼镜'
    """
    return "、".join(dict.fromkeys(TEXTS[each.code] for each in troubles))


def frame_words(
    match: Match, whose: str, troubles: tuple[Discrepancy, ...], hints: tuple[Discrepancy, ...]
) -> str:
    """One frame in a line: who, good or not, why and what to do; `whose` is the student's text, if any.

    Empty for what is no frame of the camera's.
    """
    kind, classified = match.classified.kind, match.classified
    if kind is Kind.ASIDE:
        return ""
    if kind is Kind.SLATE:
        odd = [each for each in match.notes if each.code in TODO]
        bad = f"{words(odd)} → {todo(each.code for each in odd)}" if not match.student_no and odd else ""
        return f"采集码照：{whose or '不知是谁'}{'，' + bad if bad else ''}"
    if kind is Kind.BREAK:
        code = classified.trouble.code if classified.trouble else "unclassified"
        return f"不可用：{TEXTS[code]} → {todo([code])}"
    if match.troubles:
        return f"{whose or '不知是谁'}：{words(match.troubles)} → {todo([match.troubles[0].code])}"
    if troubles:
        return f"{whose} 不合格：{words(troubles)} → {todo(each.code for each in troubles)}"
    return f"{whose} 合格" + (f"（注意：{words(hints)}）" if hints else "")
