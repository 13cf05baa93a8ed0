"""Commands as somebody sees them who reads English: of Chinese only what is data."""

import re
from pathlib import Path

import pytest

from config.campaign_file import load_campaign
from gradphoto.demo.night import NIGHT_PLAN
from tests.pages_said import CHINESE, texts_of
from tests.small_night import ANNA, GUYUAN, build, program, run, small

CAMPAIGN = load_campaign("ningxia-2023")
HELD = "2164001250099,,固原学院\n2.164E+12,某某,固原学院\n,某某,别处\n"
"""Rows that cannot be used."""


STUDENTS = [one for roster in (*small().rosters, *NIGHT_PLAN.rosters) for one in roster.students]
DATA = {
    *texts_of(CAMPAIGN.model_dump()),
    *(word for one in STUDENTS for word in texts_of(one.model_dump())),
    *("名册", "多余", "扫码时间", "某某", "别处", "示例收件人", "示例地址，请勿寄送"),
}


def chinese(shown: str) -> list[str]:
    """What is Chinese in it besides data."""
    shown = re.sub("示例市示例路[0-9]+号", "·", shown)
    for data in sorted(filter(CHINESE.search, DATA), key=len, reverse=True):
        shown = shown.replace(data, "·")
    return CHINESE.findall(re.sub("·(?:（[0-9]+）)?(?:、·(?:（[0-9]+）)?)*", "·", shown))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of an office that reads English, after a night with one centre's failure and some bad rows."""
    folder = tmp_path_factory.mktemp("english")
    build(folder, small())
    (folder / "rosters" / "多余.csv").write_text(f"学号,姓名,学习中心\n{HELD}", encoding="utf-8")
    run(folder, drill=["longde"])
    with (folder / "gradphoto.toml").open("a", encoding="utf-8") as settings:
        settings.write('\nlanguage = "en"\n')
    return folder


@pytest.mark.parametrize(
    "typed",
    [
        f"nightly {GUYUAN} --dry-run",
        "status",
        "status guyuan",
        "status nowhere",
        f"captures {GUYUAN}",
        "review list",
        f"review assign 0123abcd {ANNA.student_no}",
        "review undo",
        "campaign show ningxia-2023",
        "campaign check",
        "campaign eligible",
        "campaign slots",
        "campaign readiness 2023-07-02-yanchi",
        "retakes",
        "shipments list",
        "shipments release guyuan",
        "shipments date guyuan 2023-08-01",
        "manifests",
        "manifests --release guyuan",
        "shipments sent guyuan",
        "address show",
        "address confirm guyuan",
        "returns import nowhere.csv",
        "portal invites",
        "fsck",
        "doctor",
        "export --profile chsi-upload",
        "purge --centre guyuan",
        f"check {GUYUAN}",
        f"desk pack {GUYUAN}",
        "shipments seal",
        "handover guyuan --to /no/such/stick",
        "ingest nowhere",
        "campaign new --from nowhere --year 2024",
        "recall 2164001250009",
        "download nowhere",
        "rerun nowhere",
        f"close {GUYUAN}",
        "statsu",
        "status --nosuch",
        "campaign slots --rate 0",
        "captures",
    ],
)
def test_a_command_shows_no_chinese_but_data(folder: Path, typed: str) -> None:
    done = program(*typed.split(), folder=folder)

    assert done.returncode in (0, 1, 2, 3), done.stderr
    assert "Traceback" not in done.stderr
    assert [] == chinese(done.stdout + done.stderr)


def test_the_report_of_a_night_shows_no_chinese_but_data(folder: Path) -> None:
    program("rerun", "longde", folder=folder)
    newest = max((folder / "reports").glob("run-*/report.md"))
    assert [] == chinese(newest.read_text(encoding="utf-8"))


def test_what_a_program_reads_is_as_it_always_was(folder: Path) -> None:
    said = program("captures", GUYUAN, "--json", folder=folder).stdout
    (folder / "gradphoto.toml").rename(folder / "kept.toml")
    (folder / "gradphoto.toml").write_text(
        (folder / "kept.toml").read_text(encoding="utf-8").replace('"en"', '"zh"'), encoding="utf-8"
    )
    assert said == program("captures", GUYUAN, "--json", folder=folder).stdout
    (folder / "kept.toml").rename(folder / "gradphoto.toml")
