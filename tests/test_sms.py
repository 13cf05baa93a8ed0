"""Short messages: their length as operators count it, and that a text is sent whole or not at all."""

from math import ceil
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from config.campaign import Session, Window
from config.campaign_file import load_campaign
from config.lookup import windows_of
from gradphoto.adapters.notice_templates import Templates
from gradphoto.appointment import appointment
from gradphoto.notices import Reason, notice
from gradphoto.roster import Student
from gradphoto.sms import MOST, parts, shortest_that_fits, units
from tests.test_appointment import SHIZUISHAN

CAMPAIGN = load_campaign("ningxia-2023")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
PLACES = st.text(st.sampled_from("银川市兴庆区民族南街771号𬭎楼（）"), min_size=1, max_size=120)
NAMES = st.text(st.sampled_from("马莉买提·阿依𬭎"), min_size=1, max_size=20)


@given(TEXTS)
def test_a_message_is_paid_in_parts_of_67_units_when_70_do_not_hold_it(text: str) -> None:
    length = sum(2 if ord(char) > 0xFFFF else 1 for char in text)
    assert length == units(text)
    assert (1 if length <= 70 else ceil(length / 67)) == parts(text)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_the_fullest_form_that_fits_is_taken_and_none_is_cut(forms: list[str]) -> None:
    text, fits = shortest_that_fits(forms.__getitem__, range(len(forms)))
    fitting = [form for form in forms if units(form) <= MOST]
    assert (fitting[0], True) == (text, fits) if fitting else (forms[-1], False) == (text, fits)


@given(PLACES, NAMES, st.booleans(), st.booleans())
def test_a_message_names_time_and_place_in_full_or_is_not_sent(
    address: str, name: str, two_windows: bool, makeup: bool
) -> None:
    session = SHIZUISHAN[0][0].model_copy(update={"address": address})
    windows: list[tuple[Session, Window]] = [(session, window) for _, window in SHIZUISHAN[: 1 + two_windows]]
    when = appointment(windows)
    student = Student(student_no="2164001250001", name=name, centre="shizuishan")
    reason = Reason("没有拍到您的照片，或拍摄时没有出示采集码") if makeup else None
    kind = "makeup" if makeup else "session"
    made = notice(CAMPAIGN, student, when, "", templates(kind).text, reason)
    assert made.fits == (units(made.sms) <= 134)
    assert when.when in made.sms
    assert address in made.sms
    assert "采集码" in made.sms


_TEMPLATES: dict[str, Templates] = {}


def templates(kind: str) -> Templates:
    """The shipped ones: there is no folder of that name."""
    return _TEMPLATES.setdefault(kind, Templates(Path("/nowhere"), kind))


def test_every_centre_of_the_notice_fits_also_with_a_long_name() -> None:
    for centre in CAMPAIGN.centres:
        student = Student(student_no="2164001250001", name="阿依努尔·买买提", centre=centre.id)
        when = appointment(windows_of(CAMPAIGN, centre.id))
        made = notice(CAMPAIGN, student, when, "", templates("session").text)
        assert made.fits, (centre, units(made.sms))
