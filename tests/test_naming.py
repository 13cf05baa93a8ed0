"""How portraits' files are named: templates, what is refused, and that no two students ever share a file."""

import re
from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.naming import BUNDLE_FIELDS, IDENTIFYING, TITLES, TemplateError, bundle_template, export_template
from gradphoto.bundle import Photo
from gradphoto.photo_names import PhotoNameError, filled, photo_names, troubles, unshared, values_of
from gradphoto.roster import Student

WANG = Student(student_no="2164001200017", name="王芳", centre="yanchi", id_no="11010519491231002X")
LI = Student(student_no="2164001200018", name="买买提·艾力", centre="yanchi")
GIVEN_WHEN_NAMED = {"centre_name", "session"}
"""Fields that no roster has: whoever names files knows them."""

names = st.text(st.sampled_from(printable + "王·𬭎é\u200b"), max_size=12)
students = st.lists(
    st.builds(
        Student,
        student_no=st.from_regex(r"[A-Za-z0-9]{1,4}", fullmatch=True),
        name=names,
        centre=st.just("yanchi"),
        id_no=names,
    ),
    unique_by=lambda student: student.student_no,
)


def test_every_field_of_a_template_is_the_rosters_or_known_when_a_file_is_named() -> None:
    assert set(TITLES) == (set(TITLES) & set(Student.model_fields)) | GIVEN_WHEN_NAMED
    assert set(IDENTIFYING) < set(BUNDLE_FIELDS)


@pytest.mark.parametrize(
    "text", ["{student_no}", "{student_no}.jpg", "{centre}_{id_no}", "{session}.{capture_code}-x"]
)
def test_a_bundles_template_is_taken_with_its_ending_or_without(text: str) -> None:
    assert text == bundle_template(text).text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("portrait", "应含一个 {student_no}"),
        ("{centre}", "应含一个 {student_no}"),
        ("{student_no}/{centre}", "只能有英文字母"),
        ("../{student_no}", "只能有英文字母"),
        ("{student_no} 照片", "只能有英文字母"),
        ("{student_no}_{name}", "没有字段 {name}"),
        ("{student_no!r}", "没有字段 {student_no!r}"),
        ("{student_no", "花括号不成对"),
        ("{number}", "没有字段 {number}"),
    ],
)
def test_a_template_that_no_bundle_can_be_named_by_is_refused_with_why(text: str, why: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(why)):
        bundle_template(text)


@pytest.mark.parametrize(
    "text", ["{student_no}:{name}", "{student_no}?", "/{student_no}", "{student_no}//x", "../{id_no}"]
)
def test_an_exports_template_leaves_no_folder_and_has_nothing_that_windows_refuses(text: str) -> None:
    with pytest.raises(TemplateError):
        export_template(text)


@pytest.mark.parametrize(
    ("template", "field", "value", "named"),
    [
        ("{id_no}", "id_no", "", "身份证号 {id_no} 没有填写"),
        ("{student_no}_{name}", "name", "王:芳", "姓名 {name} 含有文件名不能用的字符"),
        ("{student_no}_{name}", "name", "a/../b", "姓名 {name} 含有"),
        ("{student_no}_{name}", "name", "王\u202e芳", "姓名 {name} 含有"),
        ("{exam_no}", "exam_no", "NUL", "设备名"),
        ("{exam_no}", "exam_no", "aux.x", "设备名"),
        ("{exam_no}", "exam_no", ".x", "开头"),
        ("{exam_no}/{student_no}", "exam_no", "x.", "结尾"),
        ("{student_no}_{name}", "name", "王" * 70, "太长"),
        ("{student_no}_{major}", "major", "x" * 90, "太长"),
    ],
)
def test_what_is_wrong_is_said_by_student_number_and_field_and_never_quoted(
    template: str, field: str, value: str, named: str
) -> None:
    parsed = export_template(template)
    with pytest.raises(PhotoNameError) as refused:
        filled(parsed, values_of(WANG.model_copy(update={field: value}), parsed), ascii_only=False)
    assert str(refused.value).startswith(f"学号 {WANG.student_no}：")
    assert named in str(refused.value)
    assert not value or value not in str(refused.value).replace(WANG.student_no, "")


def test_chinese_names_are_for_exports_alone() -> None:
    parsed = export_template("{student_no}_{name}.jpg")
    assert "2164001200018_买买提·艾力.jpg" == filled(parsed, values_of(LI, parsed), ascii_only=False)
    with pytest.raises(PhotoNameError, match=r"姓名 \{name\} 只能由字母"):
        filled(parsed, values_of(LI, parsed))


def test_the_same_letters_written_otherwise_are_the_same_name() -> None:
    with pytest.raises(PhotoNameError, match="学号 1 和 2"):
        unshared(export_template("{student_no}"), {"1": "caf\u00e9.jpg", "2": "cafe\u0301.JPG"})


def test_every_student_without_the_field_is_named_and_the_rest_still_compared() -> None:
    twin = WANG.model_copy(update={"student_no": "2164001200019"})
    found = list(troubles("{id_no}", [WANG, LI, twin]))
    assert [True, True] == [LI.student_no in found[0], f"{WANG.student_no} 和 {twin.student_no}" in found[1]]


@given(
    students, st.sampled_from(["{student_no}", "{id_no}", "{student_no}_{name}", "{centre}/{student_no}-{name}"])
)
def test_whatever_is_named_is_apart_on_every_disk_or_refused(everybody: list[Student], text: str) -> None:
    template = export_template(text)
    try:
        found = unshared(
            template, {one.student_no: filled(template, values_of(one, template), False) for one in everybody}
        )
    except PhotoNameError:
        return
    assert len(everybody) == len({name.casefold() for name in found.values()})
    for name in found.values():
        assert not set(name) & set('<>:"\\|?*\0')
        assert all(part.strip(" ") == part and not part.endswith(".") for part in name.split("/"))


@given(students)
def test_whatever_names_a_bundles_photo_its_record_takes(everybody: list[Student]) -> None:
    pattern = next(each.pattern for each in Photo.model_fields["file"].metadata if hasattr(each, "pattern"))
    try:
        found = photo_names("{student_no}_{id_no}", everybody)
    except PhotoNameError:
        return
    assert all(re.fullmatch(pattern, name) for name in found.values())
