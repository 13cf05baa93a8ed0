"""The states of files, students and centres, each with the word that people read."""

from enum import StrEnum


class FileState(StrEnum):
    """Every file that was ingested is at all times in exactly one of these."""

    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    SLATE = "slate"
    COMPANION = "companion"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    PENDING = "pending"
    REJECTED = "rejected"


class StudentState(StrEnum):
    """A student's; all but `INELIGIBLE` and `WITHDRAWN` add up to the expected ones."""

    DELIVERED = "delivered"
    PENDING = "pending"
    REJECTED = "rejected"
    MISSING = "missing"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"


class CentreState(StrEnum):
    """A centre's."""

    WAITING = "waiting"
    PACKAGED = "packaged"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


FILE_WORDS = {
    FileState.DELIVERED: "已入包",
    FileState.SUPERSEDED: "备选",
    FileState.SLATE: "采集码照",
    FileState.COMPANION: "附属文件",
    FileState.DUPLICATE: "重复",
    FileState.QUARANTINED: "异常文件",
    FileState.PENDING: "待人工核对",
    FileState.REJECTED: "须重拍",
}
STUDENT_WORDS = {
    StudentState.DELIVERED: "已入包",
    StudentState.PENDING: "待人工核对",
    StudentState.REJECTED: "须重拍",
    StudentState.MISSING: "未采集",
    StudentState.INELIGIBLE: "不在本次范围",
    StudentState.WITHDRAWN: "已撤回",
}
CENTRE_WORDS = {
    CentreState.WAITING: "待处理",
    CentreState.PACKAGED: "已打包",
    CentreState.FAILED: "处理失败",
    CentreState.WITHDRAWN: "已撤回",
}
