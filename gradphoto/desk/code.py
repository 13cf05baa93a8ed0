"""What a scanner typed: whether it may be a capture code at all, and what looks odd about it.

The code itself is opaque and never changed; only spaces round it, which no log keeps, are taken off.
"""

import re
import unicodedata
from collections.abc import Container

from gradphoto.inputs.numbers import id_no_doubt, scientific

LONGEST = 200
"""Characters."""
SHORTEST = 4
"""What is shorter are the keys of a hand that slipped."""
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def code_trouble(code: str, student_nos: Container[str]) -> str:
    """In Chinese why this cannot be a capture code; empty when it can."""
    if not code:
        return "没有扫到采集码：没有采集码不得采集，请先扫学生手机上的采集码"
    if code in student_nos:
        return "扫到的是学号，不是采集码：请扫学信网采集码"
    if re.fullmatch(r"[0-9]{17}[0-9Xx]", code) and not id_no_doubt(code):
        return "扫到的是身份证号，不是采集码：请扫学信网采集码"
    if any(unicodedata.category(char) in _UNSEEN for char in code):
        return "扫到的内容含有看不见的字符，不能作采集码：请再扫一次，并检查扫码枪的设置"
    if scientific(code):
        return "扫到的码在表格里会变成科学记数法，存不下：请再扫一次，仍然如此则请记在纸上"
    if not SHORTEST <= len(code) <= LONGEST:
        return f"扫到 {len(code)} 个字符，不像采集码（应为 {SHORTEST}—{LONGEST} 个）：请再扫一次"
    return ""


def code_doubts(code: str, by_hand: bool) -> list[str]:
    """Questions about a code that may be one, in Chinese."""
    doubts = []
    if any(ord(char) > 126 for char in code):
        doubts.append("采集码里有全角字符或汉字，多半是输入法改的：请切换到英文输入再扫；确要照这样使用才确认")
    if by_hand:
        doubts.append("采集码是慢慢输入的，不像扫码枪扫的：请再扫一次；确实扫不了才确认")
    return doubts
