"""The make-up session over the real flow, on either shipped campaign: each student's picture goes home.

The second campaign is of a made-up school of which the program knows nothing but its file.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path

import pytest

from cli.workspace import Workspace
from config.campaign_file import load_campaign
from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, in_turn
from gradphoto.demo.students import capture_code
from gradphoto.demo.workspace import build
from gradphoto.retakes import retakes, standing_of
from gradphoto.roster import Student
from gradphoto.stages.consign import release
from tests.remembered import remembered
from tests.small_night import ANNA, CARL, DORA, FAY, bundles, run

MADE_UP = "jianghe-2024"
LIBRARY, GYM, AGAIN = "2024-05-18-library", "2024-05-18-gym", "2024-05-25-library"


def made_up(serial: int, centre: str, junior: bool = False) -> Student:
    """A student of the made-up school, numbered as that numbers them."""
    number = f"2288{9 if junior else 7}{serial:06d}"
    level, term = ("专科", "2022级") if junior else ("本科", "2022年春季")
    code = capture_code(number)
    name = f"示例{serial}"
    return Student(student_no=number, name=name, centre=centre, level=level, entry_term=term, capture_code=code)


EAST, STONE, WOOD, HOME = (
    made_up(1, "dongtan"), made_up(2, "shimen", junior=True), made_up(3, "linxi"), made_up(4, "benbu"),
)  # fmt: skip
LATE, NEVER = made_up(5, "dongtan"), made_up(6, "benbu")
GUYUAN, JINFENG = "2023-07-03-guyuan", "2023-07-16-jinfeng"


def day(session: str, hour: int, minute: int, *students: Student) -> Day:
    """A session in which these students come in turn, one frame each."""
    begin = datetime.combine(datetime.fromisoformat(session[:10]), time(hour, minute))
    sittings = [Sitting(one, 3 + 2 * at, frames=1) for at, one in enumerate(students)]
    return Day(session, (Card(in_turn(begin, *sittings), serial=session[-6:]),))


TWO_VENUES = Plan(
    (Roster("名册.csv", (EAST, STONE, WOOD, HOME, LATE, NEVER), "gb18030"),),
    (day(LIBRARY, 9, 5, EAST, STONE), day(GYM, 9, 35, WOOD), day(AGAIN, 9, 5, LATE, HOME)),
)
NOTICE = Plan(
    (Roster("名册.csv", (ANNA, CARL, DORA, FAY), "gb18030"),),
    (day(GUYUAN, 9, 0, ANNA), day(JINFENG, 14, 40, CARL, FAY)),
)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with remembered():
        yield


def table(folder: Path, name: str, member: str) -> list[dict[str, str]]:
    """A table of a bundle."""
    with zipfile.ZipFile(io.BytesIO(bundles(folder)[f"{name}.zip"])) as bag:
        text = bag.read(f"{name}/data/{member}").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def delivered(folder: Path, name: str) -> dict[str, str]:
    """By student of a bundle the session in which the picture was taken."""
    return {row["student_no"]: row["session"] for row in table(folder, name, "photos.csv")}


def test_at_the_make_up_each_student_goes_home_and_the_next_version_is_theirs(tmp_path: Path) -> None:
    build(tmp_path, NOTICE)
    run(tmp_path, [GUYUAN])
    assert {ANNA.student_no: GUYUAN} == delivered(tmp_path, "guyuan-v0001")
    first = bundles(tmp_path)["guyuan-v0001.zip"]
    run(tmp_path, [JINFENG])
    assert {ANNA.student_no: GUYUAN, CARL.student_no: JINFENG} == delivered(tmp_path, "guyuan-v0002")
    assert {FAY.student_no: JINFENG} == delivered(tmp_path, "yanchi-v0001")
    assert [CARL.student_no] == [row["student_no"] for row in table(tmp_path, "guyuan-v0002", "changes.csv")]
    assert first == bundles(tmp_path)["guyuan-v0001.zip"]
    assert [DORA.student_no] == again(tmp_path)


def again(folder: Path) -> list[str]:
    """Who is still on the list of retakes."""
    place = Workspace(folder)
    standings = map(standing_of, place.ledger.students.values())
    return [row.student_no for row in retakes(place.campaign, standings)]


def test_a_school_of_another_province_runs_its_whole_season(tmp_path: Path) -> None:
    build(tmp_path, TWO_VENUES, MADE_UP)
    assert [] == list(Workspace(tmp_path).season.inputs.register.warnings)
    run(tmp_path, [LIBRARY, GYM])
    assert [LATE.student_no, HOME.student_no, NEVER.student_no] == again(tmp_path)
    run(tmp_path, [AGAIN])
    assert {EAST.student_no: LIBRARY, LATE.student_no: AGAIN} == delivered(tmp_path, "dongtan-v0002")
    assert {STONE.student_no: LIBRARY} == delivered(tmp_path, "shimen-v0001")
    assert {WOOD.student_no: GYM} == delivered(tmp_path, "linxi-v0001")
    assert {HOME.student_no: AGAIN} == delivered(tmp_path, f"benbu-v{newest(tmp_path, 'benbu'):04d}")
    assert [NEVER.student_no] == again(tmp_path)
    place = Workspace(tmp_path)
    parcel = release(place.store, "dongtan", place.bundles["dongtan"], place.campaign.parcel_prefix)
    assert parcel
    assert "JH24-dongtan-0001" == parcel.number
    with zipfile.ZipFile(tmp_path / "store/bundles/dongtan/dongtan-v0002.zip") as bag:
        info = bag.read("dongtan-v0002/bag-info.txt").decode()
    assert "江禾开放大学" in info
    assert MADE_UP in info
    assert "宁夏" not in info + json.dumps(place.campaign.model_dump(mode="json"), ensure_ascii=False)


def newest(folder: Path, centre: str) -> int:
    return Workspace(folder).bundles[centre].version


def test_the_two_shipped_campaigns_have_nothing_in_common() -> None:
    one, two = load_campaign("ningxia-2023"), load_campaign(MADE_UP)
    assert not {each.id for each in one.centres} & {each.id for each in two.centres}
    assert not {each.name for each in one.centres} & {each.name for each in two.centres}
    assert not {each.address for each in one.sessions} & {each.address for each in two.sessions}
    for field in ("institution", "institution_code", "timezone", "parcel_prefix", "student_numbers", "rules"):
        assert getattr(one, field) != getattr(two, field)
