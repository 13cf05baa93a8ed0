"""Which picture a return means: one that went out under that number, and none where it is not certain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.decision import Act, Decision, standing
from gradphoto.inputs.problems import SheetError
from gradphoto.inputs.returns import ReturnRow, read_returns
from gradphoto.rejection import as_returned
from gradphoto.returns import Doubt, Gone, is_name, meant, returned_before, same_reason_before

A, B, C = (letter * 64 for letter in "abc")
FIRST, SECOND = Gone("guyuan", 1, A, "1" * 64), Gone("guyuan", 2, B, "2" * 64)
ELSEWHERE = Gone("longde", 2, C, "3" * 64)

sources = st.sampled_from([A, B, C])
gones = st.lists(
    st.builds(Gone, st.sampled_from(["guyuan", "longde"]), st.integers(1, 3), sources, sources), max_size=4
)


def a_row(version: str = "", sha256: str = "") -> ReturnRow:
    return ReturnRow(2, "2164001250001", "模糊", version=version, sha256=sha256)


@pytest.mark.parametrize(
    ("uploaded", "rejected", "expected"),
    [
        ([A], [], A),
        ([A, A], [], A),
        ([A, B], [A], B),
        ([A], [A], A),
        ([A, B], [A, B], B),
        ([], [A], B),
    ],
)
def test_without_a_version_it_is_the_picture_that_was_uploaded_and_not_refused_yet(
    uploaded: list[str], rejected: list[str], expected: str
) -> None:
    assert expected == meant(a_row(), [FIRST, SECOND], uploaded, rejected)


@pytest.mark.parametrize("uploaded", [[], [A, B]])
def test_where_two_pictures_may_be_meant_nobody_guesses(uploaded: list[str]) -> None:
    found = meant(a_row(), [FIRST, SECOND], uploaded, [])
    assert isinstance(found, Doubt)
    assert "2 张不同的照片" in found.says


@pytest.mark.parametrize("version", ["1", "v0001", "guyuan-v0001", "guyuan-v0001.zip", "第1版", "0001"])
def test_a_version_is_understood_as_people_write_it(version: str) -> None:
    assert A == meant(a_row(version), [FIRST, SECOND, ELSEWHERE], [B], [])


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (a_row("最新"), "version"),
        (a_row("3"), "version"),
        (a_row("2"), "version"),
        (a_row("1", "2" * 12), "sha256"),
        (a_row("", "9" * 12), "sha256"),
    ],
)
def test_a_version_or_digest_that_is_not_one_picture_is_a_doubt_about_that_column(
    row: ReturnRow, key: str
) -> None:
    found = meant(row, [FIRST, SECOND, ELSEWHERE], [], [])
    assert isinstance(found, Doubt)
    assert key == found.key


@pytest.mark.parametrize("sha256", ["2" * 8, "b" * 64])
def test_a_digest_may_be_the_portraits_or_its_originals(sha256: str) -> None:
    assert B == meant(a_row(sha256=sha256), [FIRST, SECOND], [], [])


@given(gones, st.lists(sources), st.lists(sources), st.sampled_from(["", "1", "guyuan-v0002"]))
def test_only_what_went_out_is_ever_meant_in_whatever_order_it_is_told(
    gone: list[Gone], uploaded: list[str], rejected: list[str], version: str
) -> None:
    found = meant(a_row(version), gone, uploaded, rejected)
    assert isinstance(found, Doubt) or found in {one.source for one in gone}
    assert found == meant(a_row(version), gone[::-1], uploaded[::-1], rejected[::-1])


def test_a_return_refuses_all_that_it_names_and_one_undo_takes_it_back() -> None:
    returned = Decision(number=1, before=0, act=Act.REJECT, capture=A, captures=(B,), student_no="1", reason="x")
    chosen = Decision(number=2, before=1, act=Act.CHOOSE, capture=B)
    undone = Decision(number=3, before=2, act=Act.UNDO, undone=1)
    assert {A, B} == standing([returned]).rejected.keys()
    assert {A} == standing([returned, chosen]).rejected.keys()
    assert {} == standing([returned, chosen, undone]).rejected
    assert frozenset() == standing([returned]).recalled


def test_what_was_imported_before_shows_in_the_decisions_also_in_those_taken_back() -> None:
    reason = as_returned(["眼镜", "模糊"])
    first = Decision(number=1, before=0, act=Act.REJECT, capture=A, student_no="1", reason=reason)
    by_hand = first.model_copy(update={"number": 2, "reason": "眼镜"})
    assert [first] == returned_before(A, [first, by_hand])
    assert same_reason_before("1", "glasses", B, [first])
    assert [False] * 3 == [
        same_reason_before("1", "模糊", A, [first]),
        same_reason_before("2", "模糊", B, [first]),
        same_reason_before("1", "闭眼", B, [first]),
    ]


@pytest.mark.parametrize(
    ("written", "agrees"),
    [("", True), ("买买提·艾力", True), ("买买提•艾力", True), (" 买买提艾力 ", True), ("买买提", False)],
)
def test_a_name_agrees_whatever_dot_stands_in_it(written: str, agrees: bool) -> None:
    assert agrees == is_name(written, "买买提·艾力")


@pytest.mark.parametrize(
    "header", ["学号,原因", "XH,退回原因", "student_no,reason", "学号,不合格原因", "XH,审核意见"]
)
def test_lists_are_read_by_any_of_their_headers(header: str) -> None:
    (row,), held = read_returns(f"{header}\n2164001250001, 眼镜  反光 \n".encode("gb18030"), "退回.csv")
    assert (2, "2164001250001", "眼镜 反光", []) == (row.number, row.student_no, row.reason, held)


def test_a_list_without_reasons_is_refused_with_the_headers_that_are_known() -> None:
    with pytest.raises(SheetError, match=r"退回\.csv 第1行「原因」：缺少必需的列，表头可写作 原因、退回原因"):
        read_returns("学号,姓名\n1,张\n".encode(), "退回.csv")
