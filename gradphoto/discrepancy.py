"""A photo's trouble is a value: a code and a detail. The Chinese wording stands here, once per code."""

from enum import StrEnum

from config.frozen import Frozen


class Level(StrEnum):
    """What a discrepancy does to its capture."""

    NOTE = "note"
    """Shown, holds nothing back."""
    PENDING = "pending"
    """A person must look."""
    QUARANTINED = "quarantined"
    """The file cannot be used; it is kept as it came."""


class Discrepancy(Frozen):
    """A finding about one capture: `code` is a key of `TEXTS`, `detail` a figure or name for a person."""

    code: str
    detail: str = ""

    @property
    def text(self) -> str:
        """What the operator reads, in Chinese."""
        words = TEXTS[self.code]
        return f"{words}（{self.detail}）" if self.detail else words

    @property
    def said(self) -> str:
        """What lists carry: the code, or a person's own words where a person gave them."""
        return self.detail if self.code == REJECTED and self.detail else self.code


FILE = {
    "empty": "空文件",
    "not-a-picture": "不是图片文件",
    "unsupported": "不支持的文件格式",
    "truncated": "文件不完整，被截断",
    "corrupt": "文件已损坏",
    "too-large": "图片尺寸超出限制",
    "raw-alone": "只有RAW文件，没有对应的JPEG",
    "reader-died": "读取该文件时程序崩溃",
    "unsafe-name": "文件名含有非法字符",
}
"""The file itself is the trouble: quarantined."""

MATCHING = {
    "not-read": "尚未读取",
    "unclassified": "画面中既无人脸也无采集码",
    "slate-unreadable": "有采集码但无法识读",
    "two-codes": "画面中有两个不同的采集码",
    "no-slate": "之前没有采集码",
    "after-break": "前一张照片中断了归属，无法确定是谁",
    "code-unknown": "采集码未与任何学生绑定",
    "code-two-students": "同一采集码绑定了两名学生",
    "student-two-codes": "同一学号绑定了两个采集码",
    "student-unknown": "采集码绑定的学号不在名册中",
    "binding-other-centre": "只有扫码记录绑定了该采集码，而该学生所在中心不在该场次，可能录错学号",
    "ineligible": "该学生不在本次采集范围",
    "run-long": "同一采集码后的照片过多，可能漏拍采集码",
    "run-pause": "与前一张照片间隔过长，可能漏拍采集码",
    "scan-between": "期间有学生扫码但没有采集码照",
    "number-missing": "与前一张之间缺少文件，缺的可能是采集码照",
    "appearance-changed": "衣着或头发与前一张不同，可能换了人",
    "sidecar-disagrees": "拍摄清单所写的学生与采集码照不同",
    "name-disagrees": "文件名中的学号与采集码照不同",
    "session-unknown": "场次不在采集安排中",
}
"""It is not certain whose picture it is: pending."""

GEOMETRY = {
    "no-headroom": "头顶离画面上沿太近",
    "too-far": "人离镜头太远，脸部过小",
    "too-near": "人离镜头太近，脸部过大",
    "off-side": "人不在画面中间",
    "no-footroom": "画面下方不够",
    "proportions": "头部比例无法满足规格",
    "upscaled": "原片像素不足，需要放大",
    "byte-window": "无法压缩到规定的文件大小",
}
"""No crop fulfils the specification: pending."""

CHECKS = {
    "several-faces": "画面中不止一张脸",
    "tilted": "头部倾斜",
    "turned": "面部未正对镜头",
    "blurred": "照片模糊",
    "overexposed": "曝光过度",
    "underexposed": "曝光不足",
    "backdrop-uneven": "背景不均匀",
    "backdrop-colour": "背景颜色不符",
    "eyes-closed": "闭眼",
    "glasses": "疑似佩戴眼镜",
    "blue-top": "疑似蓝色上衣",
    "mouth-open": "张嘴",
    "crown-doubtful": "头顶位置无法确定",
    "dark-edges": "照片边缘有暗边",
    "remeasured": "成片复测超出规格",
}
"""A check of the spec profile fired: what that means stands in the profile."""

REJECTED = "rejected"
HELD = "held-by-person"
RECALLED = "recalled"
WITHDRAWN = "withdrawn"

PEOPLE = {
    "not-packed": "已选定，尚未打包",
    REJECTED: "审核不通过，须重拍",
    HELD: "由人工暂扣，等待决定",
    RECALLED: "照片已召回，等待核对",
    WITHDRAWN: "该学生已撤回，照片已销毁",
}
"""What the night or a person said of a portrait."""

NOTES = {
    "without-code": "没有采集码，由人工认定",
    "other-centre": "属于其他学习中心，已归入本人所在中心",
    "other-session": "拍摄时间属于其他场次",
    "other-day": "拍摄日期与场次不符",
    "extraneous-bytes": "文件中有多余字节，不影响画面",
}
"""Shown; holds nothing back."""

TEXTS = FILE | MATCHING | GEOMETRY | CHECKS | PEOPLE | NOTES
