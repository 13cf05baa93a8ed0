"""Why a picture is refused: the notice's list, in whichever spelling, and everybody's own words as they are."""

from hypothesis import given
from hypothesis import strategies as st

from config.campaign_file import load_campaign
from gradphoto.rejection import Rejection, as_kept, rejection_of, rule_of

CAMPAIGN = load_campaign("ningxia-2023")


@given(st.sampled_from(Rejection), st.sampled_from(["", " ", "　"]))
def test_a_code_and_its_word_are_one_reason_and_are_kept_as_the_word(one: Rejection, space: str) -> None:
    for spelling in (one.value, one.word):
        assert (one, one.word) == (rejection_of(space + spelling), as_kept(spelling + space))


@given(st.text(min_size=1).filter(str.strip))
def test_what_is_kept_is_kept_the_same_when_it_is_said_again(text: str) -> None:
    assert as_kept(text) == as_kept(as_kept(text))


@given(st.text(min_size=1).filter(str.strip))
def test_own_words_are_kept_as_they_are(text: str) -> None:
    assert rejection_of(text) is not Rejection.OTHER or as_kept(text) in (text.strip(), "其他")


def test_every_rule_stands_in_the_notice_and_the_notices_whole_list_is_covered() -> None:
    photo = [each for each in CAMPAIGN.requirements if each.about == "photo"]
    assert [] == [each.number for each in photo if not each.refuses]
    assert set() == {code for each in CAMPAIGN.requirements for code in each.refuses} - set(Rejection)


def test_a_reason_says_what_the_notice_asks() -> None:
    assert "不得浓妆艳抹，可以着淡妆" == rule_of("浓妆", CAMPAIGN.requirements)
    assert "" == rule_of("模糊", CAMPAIGN.requirements)
