"""Readiness: a list that follows from the campaign, signatures that stay, and what is open by the days left."""

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.campaign_readiness import show, sign
from cli.workspace import Workspace
from config.bad_input import BadInput
from config.campaign import EVERY_CENTRE, Campaign
from config.campaign_check import check_campaign
from config.campaign_file import parse_campaign, read_campaign
from gradphoto.adapters.lettering import FONTS, Lettering
from gradphoto.purge import Purge, Scope
from gradphoto.purge_rules import redacted
from gradphoto.readiness import Duty, Signature, duties, in_force, open_duties, urgency
from gradphoto.signoffs import signatures
from gradphoto.stages.close import close_session
from gradphoto.stages.readiness import Unsigned, Wanted, readiness, sign_for, write_sheets
from tests.planning import CAMPAIGN, office
from tests.small_night import program

GUYUAN, YANCHI = "2023-07-03-guyuan", "2023-07-02-yanchi"
SESSION = CAMPAIGN.session(GUYUAN)
AT = "2023-06-25T09:00:00+08:00"
PHONE = "李老师 13895012345"
SHIPPED = read_campaign("ningxia-2023")[1]
needs_font = pytest.mark.skipif(not any(Path(path).is_file() for path in FONTS), reason="needs fonts-noto-cjk")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return office(tmp_path / "office", [])


def signed(folder: Path, *items: str, who: str = "张主任", **more: Any) -> list[Duty]:
    """Sign for items of Guyuan's session."""
    return sign_for(Workspace(folder).store, CAMPAIGN, SESSION, Wanted(items, **more), who, AT)


def listed(folder: Path) -> dict[tuple[str, str], str]:
    """Who signed for what of Guyuan's session; empty where nobody did."""
    found = readiness(Workspace(folder).store, CAMPAIGN, [SESSION])
    return {(one.item.id, one.centre): one.signature.who if one.signature else "" for one in found}


# ---- The list


def test_every_sentence_of_the_notice_about_the_venue_and_the_work_is_on_the_list() -> None:
    """2.3.4 is what a student must look like, 2.2.1 is checked at the desk."""
    served = {item.requirement for item in CAMPAIGN.checklist if item.requirement}

    assert {one.number for one in CAMPAIGN.requirements if one.about in ("site", "process", "work")} == (
        served | {"2.2.1", "2.3.4"}
    )
    assert all(duty.serves for duty in duties(CAMPAIGN, SESSION, []))


def test_each_centre_signs_for_its_own_and_the_session_once_for_the_venue() -> None:
    found = [(one.item.id, one.centre) for one in duties(CAMPAIGN, SESSION, [])]

    assert [("person", centre) for centre in ("guyuan", "longde", "xiji", "pengyang")] == [
        one for one in found if one[0] == "person"
    ]
    assert [("doors", "")] == [one for one in found if one[0] == "doors"]


def test_a_venue_is_to_be_confirmed_only_where_the_notice_left_it_to_a_merged_cell() -> None:
    found = [(one.session.id, one.centre) for each in CAMPAIGN.sessions for one in duties(CAMPAIGN, each, [])
             if one.item.id == "venue"]  # fmt: skip

    assert found == [
        (session.id, window.centre)
        for session in CAMPAIGN.sessions
        for window in session.windows
        if window.inferred
    ]
    assert ("2023-07-16-jinfeng", EVERY_CENTRE) in found


def test_a_campaign_without_a_list_has_nothing_to_sign_and_stays_valid() -> None:
    older = re.sub(r"(?ms)^\[(slots\]|\[checklist\]\])\n.*?(?=^\[|^# ----)", "", SHIPPED)
    campaign = parse_campaign(older, "campaign.toml")

    assert ([], []) == (check_campaign(older), duties(campaign, SESSION, []))
    assert CAMPAIGN == campaign.model_copy(update={"slots": CAMPAIGN.slots, "checklist": CAMPAIGN.checklist})


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('requirement = "2.3.6"\n', 'requirement = "2.3.7"\n', "没有编号为 '2.3.7' 的要求"),
        ('id = "quiet"', 'id = "order"', "order 与前面重复"),
        ('asks = "phone"\n', 'asks = "fax"\n', "checklist.asks：只能是"),
        ("days = 7", "days = -7", "checklist.days：不能小于 0"),
        ("rate = 90 ", "rate = 0 ", "slots.rate：应大于 0"),
    ],
)
def test_a_mistake_in_the_list_is_named_by_line(right: str, wrong: str, says: str) -> None:
    (mistake,) = check_campaign(SHIPPED.replace(right, wrong, 1))

    assert says in mistake.message
    assert SHIPPED[: SHIPPED.index(right)].count("\n") + 1 == mistake.line


# ---- Signing


def test_a_signature_says_who_and_when_and_takes_the_item_off_the_open_ones(folder: Path) -> None:
    signed(folder, "doors", "curtains")
    found = readiness(Workspace(folder).store, CAMPAIGN, [SESSION])

    assert {("doors", "张主任", AT), ("curtains", "张主任", AT)} == {
        (one.item.id, one.signature.who, one.signature.at) for one in found if one.signature
    }
    assert not {"doors", "curtains"} & {one.item.id for one in open_duties(found, date(2023, 6, 25))}


def test_what_was_taken_back_is_open_again_and_both_stay_on_record(folder: Path) -> None:
    signed(folder, "doors")
    signed(folder, "doors", who="王主任", undo=True)

    assert "" == listed(folder)["doors", ""]
    assert [("张主任", False), ("王主任", True)] == [
        (one.who, one.undo) for one in signatures(Workspace(folder).store, GUYUAN)
    ]


def test_signing_again_changes_nothing_and_somebody_else_signs_in_his_place(folder: Path) -> None:
    signed(folder, "doors")

    assert [] == signed(folder, "doors")
    assert ["doors"] == [one.item.id for one in signed(folder, "doors", who="王主任")]
    assert ("王主任", 2) == (listed(folder)["doors", ""], len(signatures(Workspace(folder).store, GUYUAN)))


def test_one_centres_signature_is_no_other_centres(folder: Path) -> None:
    signed(folder, "person", centre="longde", note=PHONE)

    assert {"longde": "张主任", "guyuan": "", "xiji": "", "pengyang": ""} == {
        centre: who for (item, centre), who in listed(folder).items() if item == "person"
    }


@pytest.mark.parametrize(
    ("items", "more", "says"),
    [
        (("nothing",), {}, "nothing"),
        (("person",), {"note": PHONE}, "--centre"),
        (("person",), {"centre": "yanchi", "note": PHONE}, "longde（隆德学习中心）"),
        (("person",), {"centre": "longde"}, "--note"),
        (("person",), {"centre": "longde", "note": "李老师 12345"}, "--note"),
        (("doors",), {"undo": True}, "撤回"),
        (("doors", "nothing"), {}, "nothing"),
    ],
)
def test_what_cannot_be_signed_is_one_line_and_nothing_is_kept(
    folder: Path, items: tuple[str, ...], more: dict[str, Any], says: str
) -> None:
    with pytest.raises(Unsigned, match=re.escape(says)) as refused:
        signed(folder, *items, **more)

    assert 1 == len(str(refused.value).splitlines())
    assert [] == signatures(Workspace(folder).store, GUYUAN)


def test_nobody_signs_without_a_name(folder: Path) -> None:
    with pytest.raises(BadInput, match="--who"):
        sign(GUYUAN, ["doors"], workspace=folder)


@given(st.lists(st.tuples(st.sampled_from(("doors", "quiet")), st.sampled_from("甲乙"), st.booleans())))
def test_the_last_word_about_an_item_counts_and_no_other(words: list[tuple[str, str, bool]]) -> None:
    said = [Signature(item=item, who=who, at="", undo=undo) for item, who, undo in words]

    for item in ("doors", "quiet"):
        last = [one for one in said if one.item == item][-1:]
        assert [one for one in last if not one.undo] == [
            one for subject, one in in_force(said).items() if subject == (item, "")
        ]


def test_of_a_purged_centre_nobodys_name_or_telephone_stays() -> None:
    lines = [
        Signature(item="person", centre=centre, who="李老师", at=AT, note=PHONE).model_dump()
        for centre in ("longde", "xiji")
    ]
    left = redacted(Purge(scope=Scope(centre="longde"), snapshot=1), f"signoffs/{GUYUAN}/000001.jsonl", lines)

    assert [lines[0] | {"who": "", "note": ""}, lines[1]] == left


# ---- By when


def test_what_is_open_is_sorted_by_the_days_that_are_left() -> None:
    campaign: Campaign = CAMPAIGN
    every = [one for session in campaign.sessions for one in duties(campaign, session, [])]
    left = open_duties(every, date(2023, 6, 25))
    days = [one.days_left(date(2023, 6, 25)) for one in left]

    assert days == sorted(days)
    assert (0, "person", YANCHI) == (days[0], left[0].item.id, left[0].session.id)
    assert 21 == days[-1], "the make-up is three weeks away, and on its day the room is aired"


@pytest.mark.parametrize(("left", "words"), [(3, "还有 3 天"), (0, "今天"), (-2, "已过 2 天")])
def test_the_days_left_are_said_as_people_count(left: int, words: str) -> None:
    assert words == urgency(left)


# ---- On paper and on the screen


@needs_font
@needs_poppler
def test_the_sheet_for_the_site_has_every_item_with_its_sentence_and_what_was_signed(folder: Path) -> None:
    signed(folder, "doors")
    signed(folder, "person", centre="longde", note=PHONE)
    store = Workspace(folder).store
    first, again = (
        write_sheets(store, CAMPAIGN, [SESSION], folder / name, Lettering())[0] for name in ("one", "two")
    )
    out = subprocess.run(["pdftotext", "-layout", first, "-"], capture_output=True, text=True, check=True).stdout
    text = "".join(out.split())

    assert first.read_bytes() == again.read_bytes()
    assert all("".join(item.text.split())[:12] in text for item in CAMPAIGN.checklist)
    assert all(words in text for words in ("2.1.3提前对拍摄现场", "张主任", "13895012345", "彭阳学习中心11:30"))


def test_a_session_that_is_over_is_listed_only_when_it_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    close_session(Workspace(folder).store, YANCHI, "某人", AT)
    shown = []
    for only in (None, "yanchi", YANCHI):
        show(only, to=None, font=None, workspace=folder, as_json=True)
        shown.append([one["id"] for one in json.loads(capsys.readouterr().out)["sessions"]])

    assert (12, [], [YANCHI]) == (len(shown[0]), *shown[1:])


def test_the_commands_sign_and_show_what_is_left(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = program("campaign", "readiness", "sign", GUYUAN, "doors", "--who", "张主任", "--json", folder=folder)
    show("longde", to=None, font=None, workspace=folder, as_json=True)
    (session,) = json.loads(capsys.readouterr().out)["sessions"]

    assert {"session": GUYUAN, "undo": False, "signed": [["doors", None]]} == json.loads(done.stdout)
    assert (GUYUAN, 1, 12) == (session["id"], session["signed"], session["open"])
    assert {"longde", None} == {item["centre"] for item in session["items"]}
