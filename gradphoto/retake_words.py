"""Why a student must come again, in words for the student: what was seen and, where it helps, what to do.

Students know neither the program nor how it works, so no code, file format or rule of matching is named, and
nobody else: what an operator wrote of a recalled picture may speak of another student.
"""

from collections.abc import Iterable

from gradphoto.discrepancy import RECALLED, Discrepancy
from gradphoto.rejection import Rejection, rejection_of

NOT_TAKEN = "没有拍到您的照片，或拍摄时没有出示采集码"
DAMAGED = "照片文件损坏，不能使用"
UNCLEAR = "不能确定照片是不是您本人的"
CALLED_BACK = "原来的照片有误，已经收回"
UNFIT = "照片不符合学信网的要求"

_FILE = ("empty", "not-a-picture", "unsupported", "truncated", "corrupt", "too-large", "raw-alone", "reader-died")
_WORDS = {
    **dict.fromkeys((*_FILE, "unsafe-name"), DAMAGED),
    "no-slate": "拍摄前没有出示采集码",
    "slate-unreadable": "手机上的采集码拍得不清楚，认不出来，请调亮屏幕",
    "code-unknown": "出示的采集码不是登记在您名下的",
    "two-codes": "拍摄时同时出现了两个采集码",
    "code-two-students": "采集码与另一位同学重复登记",
    "student-two-codes": "您登记了两个不同的采集码",
    "no-headroom": "头顶离照片上边太近",
    "too-far": "人离镜头太远，脸太小",
    "too-near": "人离镜头太近，脸太大",
    "off-side": "人不在照片中间",
    "no-footroom": "照片下方不够",
    "several-faces": "照片里不止一个人",
    "tilted": "头歪了，请坐正",
    "turned": "脸没有正对镜头",
    "blurred": "照片不清楚",
    "overexposed": "照片太亮",
    "underexposed": "照片太暗",
    "backdrop-uneven": "背景不干净",
    "backdrop-colour": "背景颜色不对",
    "eyes-closed": "闭眼",
    "glasses": "戴了眼镜",
    "blue-top": "穿了蓝色上衣，与背景混在一起",
    "mouth-open": "张嘴",
    "crown-doubtful": "头顶看不清楚",
    "dark-edges": "照片边上发暗",
    RECALLED: CALLED_BACK,
}
_PERSON = {
    Rejection.GLASSES: "戴了眼镜",
    Rejection.HEAD_COVERING: "戴了帽子、围巾或头饰",
    Rejection.HAIR: "头发挡住了眉毛、眼睛或耳朵",
    Rejection.JEWELLERY: "戴了耳环、项链等饰物",
    Rejection.MAKE_UP: "妆太浓",
    Rejection.CLOTHING: "穿了蓝色上衣、制服或吊带衫",
    Rejection.EYES_CLOSED: "闭眼",
    Rejection.BLURRED: "照片不清楚",
}
_FITNESS = frozenset({"proportions", "upscaled", "byte-window", "remeasured", "rejected"})


def plainly(reasons: Iterable[Discrepancy]) -> str:
    """The reasons of one student as one line for the student; without any, that no picture was taken.

    >>> plainly([Discrepancy(code="rejected", detail="首饰"), Discrepancy(code="too-far", detail="脸宽120px")])
    '戴了耳环、项链等饰物；人离镜头太远，脸太小'
    """
    return "；".join(dict.fromkeys(map(_word, reasons))) or NOT_TAKEN


def _word(reason: Discrepancy) -> str:
    if reason.code == "rejected" and reason.detail:
        found = rejection_of(reason.detail)
        return _PERSON.get(found, UNFIT if reason.detail == Rejection.OTHER.word else reason.detail)
    if reason.code in _WORDS:
        return _WORDS[reason.code]
    return UNFIT if reason.code in _FITNESS else UNCLEAR
