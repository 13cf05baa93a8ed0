"""A whole season of the shipped campaign adds up at every step, from the slots to the last make-up.

Everything is judged from outside: by what the commands say, by the bundles' own bytes, and by what the simulator
knows of who really came.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from zipfile import ZipFile

import pytest

from config.campaign_file import load_campaign
from gradphoto.adapters.tables import csv_rows
from gradphoto.discrepancy import RECALLED, TEXTS
from gradphoto.states import STUDENT_WORDS, StudentState
from tests.whole_season import MAKEUP, STUDIO, Day, WholeSeason, given_season

CAMPAIGN = load_campaign("ningxia-2023")
CENTRES = [one.id for one in CAMPAIGN.centres]
PARTS = ("delivered", "pending", "rejected", "missing")
SHORT, LONG = 168, 3000


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory, amount: Callable[[int, int], int]) -> Iterator[WholeSeason]:
    """The whole of it, once."""
    made = WholeSeason(tmp_path_factory.mktemp("whole"), amount(SHORT, LONG))
    with given_season(made):
        made.whole()
        yield made


def totals(day: Day) -> Counter[str]:
    """Students of all centres by state, as `status` says them."""
    every = (*PARTS, "expected", "ineligible", "withdrawn")
    return Counter({part: sum(one[part] for one in day.status["centres"]) for part in every})


# ---- Before the first session


def test_eligible_and_ineligible_are_the_register(season: WholeSeason) -> None:
    told = season.said["eligible"]
    by_standing = {kind: {one["student_no"] for one in told["students"] if one["standing"] == kind} for kind in
                   ("ineligible", "doubtful", "contradiction")}  # fmt: skip
    assert season.count - len(season.register.late) == sum(one["students"] for one in told["centres"])
    assert season.register.outside == by_standing["ineligible"]
    assert season.register.doubtful - set(season.register.late) == by_standing["doubtful"]
    assert set() == by_standing["contradiction"]


def test_everybody_who_is_expected_has_one_slot_or_is_told_of_as_too_many(season: WholeSeason) -> None:
    for one in season.said["slots"]["centres"]:
        seated = [no for slot in one["slots"] for no in slot["students"]]
        called = season.of_centre(one["id"]) - season.register.outside - set(season.register.late)
        assert len(seated) == len(set(seated))
        assert called == {*seated, *one["unplaced"]}
        assert len(called) == one["expected"] == len(seated) + len(one["unplaced"])
        assert all(len(slot["students"]) <= slot["places"] for slot in one["slots"])


def test_who_comes_into_the_register_later_moves_nobody(season: WholeSeason) -> None:
    (before,) = (one for one in season.said["slots"]["centres"] if one["id"] == "luning")
    (after,) = season.said["slots later"]["centres"]
    was, now = ({no: slot["start"] for slot in one["slots"] for no in slot["students"]} for one in (before, after))
    assert was == {no: start for no, start in now.items() if no in was}
    added = {*now, *after["unplaced"]} - {*was, *before["unplaced"]}
    assert set(season.register.late) == added


def test_the_notices_that_were_made_are_of_those_who_are_told(season: WholeSeason) -> None:
    first, later, again = (made_of(season, name) for name in ("notices", "notices later", "notices again"))
    expected = season.register.students.keys() - season.register.outside
    assert expected - set(season.register.late) == first
    assert set(season.register.late) == later
    assert set() == again
    assert len(expected) == sum(season.said["told"]["told"].values())
    assert {"不在本次范围": len(season.register.outside)} == season.said["left out"]


def made_of(season: WholeSeason, name: str) -> set[str]:
    return {one.student.student_no for sheaf in season.said[name].sheaves for one in sheaf.notices}


# ---- After every night


def test_students_add_up_after_every_night(season: WholeSeason) -> None:
    for day in season.days.values():
        for one in day.status["centres"]:
            assert one["expected"] == sum(one[part] for part in PARTS)
            assert len(season.of_centre(one["id"])) == one["expected"] + one["ineligible"] + one["withdrawn"]
        found = totals(day)
        assert season.count == found["expected"] + found["ineligible"]
        assert len(season.register.outside) == found["ineligible"]


def test_files_add_up_after_every_night(season: WholeSeason) -> None:
    for day in season.days.values():
        told = {one["id"]: one for one in day.status["sessions"] if one["total"]}
        assert dict(day.written) == {session: one["total"] for session, one in told.items()}
        assert all(one["total"] == sum(one["states"].values()) for one in told.values())
        assert [] == day.unbalanced


def test_the_bundles_say_what_status_says(season: WholeSeason) -> None:
    for day in filter(lambda one: one.run, season.days.values()):  # what was decided waits for a night
        told = {one["id"]: one["delivered"] for one in day.status["centres"] if one["delivered"]}
        assert told == dict(Counter(centre for centre, _ in day.photos.values()))
        assert {no: season.register.students[no].centre for no in day.photos} == {
            no: centre for no, (centre, _) in day.photos.items()
        }
        packed = {one["id"] for one in day.status["centres"] if one["bundle"]}
        here = {no for no, one in season.register.students.items() if one.centre in packed}
        assert here == day.photos.keys() | day.absent.keys()
        assert set() == day.photos.keys() & day.absent.keys()


def test_nobody_is_delivered_under_a_wrong_number_and_nobody_who_never_came(season: WholeSeason) -> None:
    for day in season.days.values():
        assert {no: no for no in day.photos} == {
            no: season.truth.sitter[source] for no, (_, source) in day.photos.items()
        }
        never = season.register.students.keys() - day.sat - season.register.outside
        strange = {no for no in never if day.states[no] is not StudentState.MISSING}
        assert strange <= day.troubled


def test_who_was_photographed_and_met_no_mishap_is_delivered(season: WholeSeason) -> None:
    decided: set[str] = set().union(*season.decided.values())
    for day in season.days.values():
        fine = day.sat - day.troubled - season.register.outside - decided
        waiting = {no for no in fine if day.states[no] is not StudentState.DELIVERED} if day.run else set()
        assert len(waiting) <= max(3, len(day.sat) / 100), waiting  # an odd pace, or another's slate unseen


def test_the_list_of_retakes_is_expected_less_delivered_less_pending(season: WholeSeason) -> None:
    for day in season.days.values():
        found, recalled = totals(day), sum(day.states[no] is StudentState.PENDING for no in day.again)
        assert found["expected"] - found["delivered"] - found["pending"] == len(day.again) - recalled
        if day.retakes is not None:
            assert day.again == {one["student_no"] for one in day.retakes}
            words = Counter(one["state"] for one in day.retakes)
            assert (found["missing"], found["rejected"], recalled) == tuple(
                words[STUDENT_WORDS[state]]
                for state in (StudentState.MISSING, StudentState.REJECTED, StudentState.PENDING)
            )


# ---- Decisions, returns and the recall


def test_who_was_rejected_or_sent_back_comes_again(season: WholeSeason) -> None:
    last = season.days["before"]
    due = last.rejected
    assert season.decided["returned"] < due
    assert due - last.doubted <= last.again
    odd = {no for no in due if last.states[no] is not StudentState.REJECTED}
    assert odd <= season.frozen | last.doubted  # the recall asks anew about what was decided before
    told = season.said["returned"]
    assert (2, []) == (len(told["decisions"]), told["held"])
    assert [] == season.said["returned again"]["decisions"]


def test_a_recall_takes_the_picture_out_and_puts_its_student_on_the_list(season: WholeSeason) -> None:
    (no,) = season.decided["recalled"]
    day, after = season.days["recall"], season.days["before"]
    assert no not in day.photos
    assert StudentState.PENDING is day.states[no]
    assert no in day.again
    frozen = {one for one in season.days["2023-07-15-jinfeng"].photos if one not in day.photos}
    assert frozen - {no} <= after.photos.keys() | season.decided["rejected"] | season.decided["returned"]
    (row,) = [one for one in after.retakes or [] if one["student_no"] == no]
    assert TEXTS[RECALLED] in row["why"]


# ---- Who comes again


def test_make_up_notices_are_of_everybody_on_the_list_whose_own_session_is_over(season: WholeSeason) -> None:
    day = season.days["before"]
    ahead = {no for no in season.of_centre("zhishu") if day.states[no] is StudentState.MISSING}
    assert ahead
    assert day.again - ahead == made_of(season, "again")
    after = season.days["after"].again
    assert made_of(season, "studio") == after
    assert all("9月2日" in one.wechat for sheaf in season.said["studio"].sheaves for one in sheaf.notices)


@pytest.mark.parametrize("session", [MAKEUP, STUDIO])
def test_at_a_make_up_each_student_goes_to_their_own_centre_in_its_next_version(
    season: WholeSeason, session: str
) -> None:
    day = season.days[session]
    before = season.days["before" if session == MAKEUP else "after"]
    here = taken_in(season, session)
    taken = {no: centre for no, (centre, source) in day.photos.items() if source in here}
    new = {no: centre for no, centre in taken.items() if before.photos.get(no) != day.photos[no]}
    others = set(new.values()) - {"zhishu"}
    assert others
    assert {no: season.register.students[no].centre for no in new} == new
    assert set(new.values()) <= {name.rpartition("-v")[0] for name in day.new}
    versions = {one["id"]: (one["bundle"] or {}).get("version", 0) for one in before.status["centres"]}
    for one in day.status["centres"]:
        packed = any(name.startswith(f"{one['id']}-v") for name in day.new)
        assert versions[one["id"]] + packed == (one["bundle"] or {}).get("version", 0)


def taken_in(season: WholeSeason, session: str) -> set[str]:
    """The originals of a session that its cameras wrote."""
    place = season.place
    return {one.sha256 for one in place.season.captures if one.session == session}


def test_after_the_last_session_the_final_list_is_exactly_who_has_no_portrait(season: WholeSeason) -> None:
    told, day = season.said["final"], season.days[STUDIO]
    expected = season.register.students.keys() - season.register.outside
    assert expected - day.photos.keys() == {one["student_no"] for one in told["final"]}
    assert len(told["final"]) == sum(one["without"] for one in told["centres"])
    assert all(one["expected"] == one["delivered"] + one["without"] for one in told["centres"])
    assert {"run": None} == season.said["nothing"]


# ---- Sending


def test_outstanding_and_released_are_the_portraits(season: WholeSeason) -> None:
    steps = [posted for name in ("early", "late") for posted in season.said[f"posted {name}"]]
    for posted in [*steps, season.said["posted"]]:
        for centre, one in posted.items():
            assert max(one.carried, default=0) <= 1, centre
            assert one.portraits == one.outstanding + sum(one.carried), centre
    for name in ("early", "late"):
        assert 0 == sum(one.outstanding for one in season.said[f"posted {name}"][1].values())


def test_every_parcel_is_released_numbered_sealed_and_sent_once(season: WholeSeason) -> None:
    for name in ("early", "late"):
        released = season.said[f"released {name}"]
        assert released == season.said[f"sheet {name}"]["on_courier_sheet"]
        assert ([], []) == (season.said[f"sheet {name}"]["discrepancies"], season.said[f"sheet {name}"]["held"])
        assert released == season.said[f"waybills {name}"]["new"]
        assert released == [one["parcel"] for one in season.said[f"sealed {name}"] if one["right"]]
        assert released == season.said[f"sent {name}"]
    parcels = [one for posted in season.said["posted"].values() for one in posted.told["parcels"]]
    assert len(parcels) == len({one["number"] for one in parcels}) == len({one["waybill"] for one in parcels})
    assert {one["number"] for one in parcels} == set(season.said["received"])
    assert {"首寄", "补寄"} == {one["kind"] for one in parcels}


def test_the_delivery_day_is_unknown_until_it_is_announced_and_then_each_centre_is_written_to(
    season: WholeSeason,
) -> None:
    assert {None} == {one["date"] for one in season.said["undated"]}
    assert CENTRES == season.said["dated"]["changed"]
    assert {"2023-09-10"} == {one.told["date"] for one in season.said["posted"].values()}
    assert {f"下发通知-{one}.txt" for one in season.said["posted"]} == {
        path.rpartition("/")[2] for path in season.said["texts"]
    }


def test_what_a_centre_says_of_its_address_on_site_goes_before_the_list(season: WholeSeason) -> None:
    ways = {one["centre"]: (one["way"], one["confirmed"]) for one in season.said["addresses"]["addresses"]}
    assert {
        **dict.fromkeys(CENTRES, ("mailing", False)),
        "guyuan": ("site", False),
        "xiji": ("site", True),
    } == ways


def test_the_list_for_chsi_has_exactly_the_portraits_of_that_day(season: WholeSeason) -> None:
    told = season.said["exported"]
    with ZipFile(told["path"]) as archive:
        rows = csv_rows(archive.read("chsi-upload.csv"))[1:]
        pictures = [name for name in archive.namelist() if name.endswith(".jpg")]
    assert told["photos"] + len(told["left_out"]) == len(season.days["2023-07-13-shuangyu"].photos)
    assert told["photos"] == len(rows) == len(pictures)


def test_what_a_season_of_this_size_comes_to(season: WholeSeason, figure: Callable[[str], None]) -> None:
    """The figures of `docs/reliability.md`."""
    last, faults = season.days[STUDIO], Counter("+".join(season.truth.troubled.values()).split("+"))
    figure(
        f"{season.count} students in {len(CENTRES)} centres, {sum(last.written.values())} files; "
        + ", ".join(f"{many} {name}" for name, many in sorted(faults.items()))
    )
    short = sum(len(one["unplaced"]) for one in season.said["slots"]["centres"])
    figure(f"slots {season.count - len(season.register.outside)}, too many for their windows {short}")
    for name in (*[one.id for one in CAMPAIGN.sessions[:-1]], "recall", "before", MAKEUP, "after", STUDIO):
        found = totals(season.days[name])
        figure(f"{name}: " + ", ".join(f"{part} {found[part]}" for part in (*PARTS, "ineligible")))
    parcels = sum(len(posted.told["parcels"]) for posted in season.said["posted"].values())
    figure(f"{parcels} parcels; final list {len(season.said['final']['final'])}")
    assert len(last.photos) > 0.9 * season.count
