"""What a bundle holds: when there is a new version, what changed, and what its tables say."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gradphoto.bundle import Absent, Change, Delivery, Held, Photo, bundle_name, changes, differs
from gradphoto.bundle_rows import PHOTOS, change_rows, missing_rows, parse, people_rows, photo_rows
from gradphoto.photo_names import PhotoNameError, photo_name, photo_names
from gradphoto.roster import Student
from gradphoto.states import StudentState
from tests.some_bundle import ABSENT, DELIVERIES, LI, MA, WANG, a_delivery, bag_bytes, some_contents

DELIVERED = st.dictionaries(st.sampled_from([WANG, LI, MA]), st.integers(0, 2)).map(
    lambda chosen: [a_delivery(student, number) for student, number in chosen.items()]
)


def pictures(deliveries: list[Delivery]) -> dict[str, str]:
    """Each student's picture."""
    return {delivery.student_no: delivery.sha256 for delivery in deliveries}


def a_student(student_no: str, name: str = "王芳") -> Student:
    return Student(student_no=student_no, name=name, centre="yanchi")


@given(DELIVERED, DELIVERED)
def test_changes_lead_from_the_version_before_to_this_one(before: list[Delivery], after: list[Delivery]) -> None:
    held, new = pictures(before), pictures(after)
    for change in changes(before, after):
        assert (change.change == "added") == (change.student_no not in held)
        if change.change == "removed":
            del held[change.student_no]
        else:
            held[change.student_no] = new[change.student_no]
    assert new == held


@given(DELIVERED)
def test_there_are_no_changes_from_a_version_to_itself(deliveries: list[Delivery]) -> None:
    assert () == changes(deliveries, deliveries)
    assert pictures(deliveries).keys() == {change.student_no for change in changes(None, deliveries)}


@given(DELIVERED, DELIVERED)
def test_a_new_version_is_due_exactly_when_a_table_of_it_would_differ(
    before: list[Delivery], after: list[Delivery]
) -> None:
    old, new = some_contents(deliveries=before, absent=()), some_contents(deliveries=after, absent=())
    assert differs(old, new) == (photo_rows(old) != photo_rows(new))


def test_changes_and_inputs_alone_are_no_reason_for_a_new_version() -> None:
    other = some_contents(2, changes=(Change(student_no=WANG, change="replaced"),), inputs="f" * 64)
    assert not differs(some_contents(), other)
    assert not differs(Held(DELIVERIES, ABSENT), other)


def test_a_name_or_a_reason_is_a_reason_for_a_new_version() -> None:
    before = some_contents()
    assert differs(None, before)
    assert differs(before, some_contents(deliveries=(a_delivery(name="王方"), DELIVERIES[1])))
    assert differs(
        before, some_contents(absent=(Absent(student_no=MA, name="𬭎null", state=StudentState.MISSING),))
    )


@given(st.randoms())
def test_the_order_in_which_deliveries_came_does_not_matter(order: random.Random) -> None:
    shuffled = order.sample(DELIVERIES, len(DELIVERIES))
    assert bag_bytes(some_contents()) == bag_bytes(some_contents(deliveries=tuple(shuffled)))


def test_a_bundle_is_named_by_centre_and_version() -> None:
    assert ("yanchi-v0001", "yanchi-v12345") == (bundle_name("yanchi", 1), bundle_name("yanchi", 12345))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"deliveries": (a_delivery(WANG), a_delivery(WANG, 1))}, WANG),
        ({"deliveries": (a_delivery("A1"), a_delivery("a1"))}, "a1.jpg"),
        ({"absent": (Absent(student_no=WANG, name="", state=StudentState.MISSING),)}, WANG),
    ],
)
def test_a_student_or_a_file_stands_in_a_bundle_once(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        some_contents(**fields)


def test_the_columns_of_the_contract_come_first() -> None:
    contract = "student_no,name,file,sha256,source_sha256,session,captured_at,width,height,bytes"
    assert contract.split(",") == list(PHOTOS[:10]) == list(Photo.model_fields)
    assert [("student_no", "name", "state", "reasons"), (MA, "𬭎null", "pending", "blurred;no-slate")] == (
        missing_rows(some_contents())
    )
    assert [("student_no", "change"), (WANG, "added"), (LI, "added")] == change_rows(some_contents())


def test_the_list_for_people_has_everybody_with_the_reason_in_words() -> None:
    assert [
        ("学号", "姓名", "照片文件", "拍摄场次", "未采集原因"),
        (WANG, "王芳", f"{WANG}.jpg", "2023-07-02-yanchi", ""),
        (LI, "买买提·艾力", f"{LI}.jpg", "2023-07-02-yanchi", ""),
        (MA, "𬭎null", "", "", "待人工核对：照片模糊；之前没有采集码"),
    ] == people_rows(some_contents())


def test_tables_are_read_as_they_were_written() -> None:
    contents = some_contents()
    assert ([(2, DELIVERIES[0]), (3, DELIVERIES[1])], []) == parse(Delivery, photo_rows(contents), "x")
    assert ([(2, ABSENT[0])], []) == parse(Absent, missing_rows(contents), "x")


def test_reasons_in_a_persons_own_words_survive_the_table() -> None:
    absent = (Absent(student_no=MA, name="", state=StudentState.REJECTED, reasons=("换人; 已联系\n本人", "b")),)
    contents = some_contents(absent=absent)
    assert ([(2, absent[0])], []) == parse(Absent, missing_rows(contents), "x")


def test_a_bad_row_is_named_by_file_row_and_column() -> None:
    header = ("student_no", "name", "state", "reasons")
    rows = [header, ("1", "x", "lost", ""), ("1",), ("2", "y", "missing", "")]
    good, faults = parse(Absent, rows, "data/missing.csv")
    assert [(4, "2")] == [(number, absent.student_no) for number, absent in good]
    assert "data/missing.csv 第2行：state：" in faults[0]
    assert "data/missing.csv 第3行：应有 4 格，实有 1 格" == faults[1]
    assert ["x.csv 第1行：缺少列 state、reasons"] == parse(Absent, [header[:2]], "x.csv")[1]


def test_a_photo_is_named_by_a_template_of_roster_fields() -> None:
    student = a_student(WANG)
    assert f"{WANG}.jpg" == photo_name("{student_no}", student)
    assert f"yanchi_{WANG}.jpg" == photo_name("{centre}_{student_no}.jpg", student)


@pytest.mark.parametrize(
    ("template", "student_no"),
    [("{name}", WANG), ("{student_no}", "../x"), ("{student_no}", "NUL"), ("", WANG), ("{student_no}", "21 6")],
)
def test_a_name_that_is_not_safe_everywhere_is_refused(template: str, student_no: str) -> None:
    with pytest.raises(PhotoNameError, match=r"^学号 .*不可用.*$"):
        photo_name(template, a_student(student_no))


@pytest.mark.parametrize("template", ["{number}", "{photo_expired}", "{student_no.x}", "{student_no!r}"])
def test_a_field_that_the_roster_does_not_have_is_refused(template: str) -> None:
    with pytest.raises(PhotoNameError, match=r"没有字段 .*\{student_no\}"):
        photo_name(template, a_student(WANG))


def test_two_students_who_would_share_a_file_are_both_named() -> None:
    with pytest.raises(PhotoNameError, match="学号 AB1 和 ab1"):
        photo_names("{student_no}", [a_student("ab1"), a_student("AB1")])
    assert {WANG: f"{WANG}.jpg"} == photo_names("{student_no}", [a_student(WANG)])
