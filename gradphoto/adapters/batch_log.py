"""`scanlog-batch.csv` of a session: what was bound from screenshots, written as a desk writes its log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from config.bad_input import BadInput
from gradphoto.adapters.desk_log import DeskLog
from gradphoto.adapters.durable import private, private_folder
from gradphoto.adapters.lock import lock
from gradphoto.adapters.reasons import reason
from gradphoto.batch import Pair
from gradphoto.desk.answers import Entry
from gradphoto.inputs.scanlog import DESK_HEAD
from gradphoto.matching.bindings import BATCH

NAME = f"scanlog-{BATCH}.csv"


class BatchTrouble(BadInput):
    """The log of a batch that cannot be written to; its message is one line."""


def add_pairs(inbox: Path, at: datetime, pairs: Sequence[Pair]) -> None:
    """Append a row for each pair, durably; `at` is campaign time, when the screenshots were read.

    A row is known by its time to whoever takes it back, so no two have the same. `BatchTrouble` when somebody else
    is writing, or the file is no desk's.
    """
    path = inbox / NAME
    try:
        private_folder(inbox)
        with open(path, "a+b", buffering=0, opener=private) as file:
            if not lock(file):
                raise BatchTrouble(f"{path}：另一个 gradphoto desk bind 正在写，请等它结束再运行一次")
            file.seek(0)
            if not DESK_HEAD.startswith(file.read(len(DESK_HEAD))):
                raise BatchTrouble(f"{path}：不是 gradphoto 写的日志，请改名后再运行一次")
            log = DeskLog(file, path, BATCH)
            for index, pair in enumerate(pairs):
                log.append(at + timedelta(microseconds=index), Entry(code=pair.code, student_no=pair.student_no))
    except OSError as trouble:
        raise BatchTrouble(f"{path}：写不进去（{reason(trouble)}），请检查磁盘和权限") from None
