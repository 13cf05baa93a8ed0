"""Why a student comes again, in words that a student understands."""

import re

import pytest

from gradphoto.discrepancy import TEXTS, Discrepancy
from gradphoto.rejection import Rejection
from gradphoto.retake_words import CALLED_BACK, NOT_TAKEN, plainly

JARGON = re.compile(r"[A-Za-z0-9_]|绑定|归属|打包|识读|截断|像素|规格|文件名|疑似|学号")


@pytest.mark.parametrize("code", TEXTS)
def test_every_finding_has_words_without_a_code_or_a_word_of_the_trade(code: str) -> None:
    words = plainly([Discrepancy(code=code, detail="")])
    assert words
    assert JARGON.search(words) is None


@pytest.mark.parametrize("reason", [one for one in Rejection if one is not Rejection.OTHER])
def test_a_reason_of_the_list_is_said_of_the_picture(reason: Rejection) -> None:
    words = plainly([Discrepancy(code="rejected", detail=reason.word)])
    assert JARGON.search(words) is None
    assert "不符合" not in words


def test_a_persons_own_words_are_told_as_they_are_and_nothing_twice() -> None:
    said = [Discrepancy(code="rejected", detail="刘海遮眉"), Discrepancy(code="rejected", detail="刘海遮眉")]
    assert "刘海遮眉" == plainly(said)
    assert "照片不符合学信网的要求" == plainly([Discrepancy(code="rejected", detail="其他")])


def test_of_a_recalled_picture_nobody_elses_name_is_told() -> None:
    assert CALLED_BACK == plainly([Discrepancy(code="recalled", detail="照片其实是李四的")])


def test_without_any_finding_no_picture_was_taken() -> None:
    assert NOT_TAKEN == plainly([])
