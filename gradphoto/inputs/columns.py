"""Which columns the sheets have, each by any of its names; the first is the one that messages use."""

from typing import NamedTuple


class Column(NamedTuple):
    """A column: its key, the headers that stand for it, and whether a sheet must have it."""

    key: str
    headers: tuple[str, ...]
    required: bool = False

    @property
    def title(self) -> str:
        """What messages call it."""
        return self.headers[0]


YES_NO = {"是": True, "yes": True, "否": False, "no": False}
"""How a cell says either; what an empty one means, each column knows."""
_STUDENT_NO = ("学号", "XH", "student_no")
_CENTRE = Column("centre", ("学习中心", "教学点", "centre"), required=True)
_CODE = ("采集码", "capture_code")

ROSTER = (
    Column("student_no", _STUDENT_NO, required=True),
    Column("name", ("姓名", "XM", "name"), required=True),
    _CENTRE,
    Column("gender", ("性别", "XB", "gender")),
    Column("id_no", ("身份证号", "证件号码", "SFZH", "id_no")),
    Column("programme", ("办学类型", "学习形式", "programme")),
    Column("level", ("层次", "CC", "专业层次", "level")),
    Column("major", ("专业", "ZYMC", "major")),
    Column("entry_term", ("入学学期", "入学批次", "年级", "entry_term")),
    Column("photo_expired", ("照片超年限", "photo_expired")),
    Column("capture_code", _CODE),
    Column("slot", ("时段", "slot")),
    Column("class_name", ("班级", "BJ", "class")),
    Column("exam_no", ("考生号", "KSH", "exam_no")),
    Column("birth_date", ("出生日期", "CSRQ", "birth_date")),
    Column("major_code", ("专业代码", "ZYDM", "major_code")),
    Column("entry_date", ("入学日期", "RXRQ", "entry_date")),
)
SCANLOG = (
    Column("scanned_at", ("扫码时间", "scanned_at"), required=True),
    Column("capture_code", _CODE, required=True),
    Column("student_no", _STUDENT_NO),
    Column("station", ("工位", "station")),
    Column("replaces", ("取代", "replaces")),
)
SIDECAR = (
    Column("file", ("文件名", "文件", "图片", "file", "filename", "file_name", "image"), required=True),
    Column("capture_code", (*_CODE, "条码", "二维码", "code", "barcode")),
    Column("student_no", _STUDENT_NO),
)
RETURNS = (
    Column("student_no", _STUDENT_NO, required=True),
    Column("reason", ("原因", "退回原因", "不合格原因", "不通过原因", "审核意见", "reason"), required=True),
    Column("name", ("姓名", "XM", "name")),
    Column("version", ("版本", "照片包版本", "照片包", "version")),
    Column("sha256", ("sha256", "照片校验值", "校验值")),
)
MAILING = (
    _CENTRE._replace(headers=("教学点", "学习中心", "centre")),
    Column("contact", ("联系人", "contact"), required=True),
    Column("phone", ("办公电话", "phone")),
    Column("mobile", ("移动电话", "mobile")),
    Column("address", ("详细地址", "学校详细地址", "address"), required=True),
    Column("electronic", ("需要电子数据", "electronic")),
    Column("note", ("备注", "note")),
)
