"""Settings: from the file, from the environment, and what a new workspace begins with."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.campaign_check import check_campaign
from config.campaign_file import load_campaign
from config.settings import Settings, SettingsError, cores, load_settings
from config.spec import load_spec
from config.workspace import FOLDERS, workspace_files


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in Settings.model_fields:
        monkeypatch.delenv(f"GRADPHOTO_{key.upper()}", raising=False)


def a_workspace(folder: Path, text: str) -> Path:
    (folder / "gradphoto.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert ("campaign.toml", "file:store", "chsi-2017") == (settings.campaign, settings.store, settings.spec)
    assert ("{student_no}", 200, cores()) == (settings.photo_name, settings.shard_size, settings.workers)
    assert ("", "", "") == (settings.artist, settings.copyright, settings.operator)


def test_the_file_is_read_with_a_byte_order_mark_too(tmp_path: Path) -> None:
    assert "s3://photos/2023" == load_settings(a_workspace(tmp_path, '\ufeffstore = "s3://photos/2023"')).store


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADPHOTO_WORKERS", "3")
    assert 3 == load_settings(a_workspace(tmp_path, "workers = 2")).workers


def test_where_the_workspace_is_is_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADPHOTO_WORKSPACE", str(tmp_path))
    assert load_settings(tmp_path) == load_settings(tmp_path)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('stroe = "file:elsewhere"', "stroe：不认识的项"),
        ('_env_file = "x"', "_env_file：不认识的项"),
        ("workers = 0", "workers：不能小于 1"),
        ('workers = "many"', "workers：应为整数"),
        ("shard_size = true", "shard_size：应为文字或数字"),
        ("operator = 7", "operator：应为加引号的文字"),
        ('store = "ftp://x"', "store：'ftp://x' 应写作"),
        ('photo_name = "portrait"', "photo_name：'portrait' 应含一个 {student_no}"),
        ('photo_name = "../{student_no}"', "photo_name"),
        ('campaign = ""', "campaign：不能为空"),
        ("store = ", "不是有效的TOML"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_line_with_file_and_key(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(a_workspace(tmp_path, text))
    assert f"设置文件 {tmp_path / 'gradphoto.toml'}" in str(refused.value)
    assert named in str(refused.value)
    assert 1 == len(str(refused.value).splitlines())


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [("GRADPHOTO_WORKERS", "many", "应为整数"), ("GRADPHOTO_STROE", "file:x", "不认识的项")],
)
def test_a_wrong_variable_is_refused_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, named: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^环境变量 {name}：{named}"):
        load_settings(tmp_path)


def test_settings_do_not_change_while_they_are_used(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        load_settings(tmp_path).store = "file:elsewhere"


def test_the_template_shows_every_setting_with_its_default(tmp_path: Path) -> None:
    template = workspace_files()["gradphoto.toml"]
    assert load_settings(tmp_path) == load_settings(a_workspace(tmp_path, template))
    shown = re.sub(r"(?m)^# (?=[a-z0-9_]+ = )", "", template)
    assert sorted(Settings.model_fields) == sorted(re.findall(r"(?m)^([a-z0-9_]+) = ", shown))
    expected = load_settings(tmp_path).model_dump(exclude={"workers"})
    assert expected == load_settings(a_workspace(tmp_path, shown)).model_dump(exclude={"workers"})


def test_a_new_workspace_is_ready_for_the_shipped_campaign(tmp_path: Path) -> None:
    for name, text in workspace_files().items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    settings = load_settings(tmp_path)
    assert load_campaign("ningxia-2023") == load_campaign(settings.campaign, tmp_path)
    assert load_spec("chsi-2017") == load_spec(settings.spec, tmp_path)
    assert [] == check_campaign(workspace_files()["campaign.toml"])
    assert ("rosters", "inbox", "store") == FOLDERS


def test_the_mailing_list_begins_with_its_header_for_excel() -> None:
    expected = "\ufeff教学点,联系人,办公电话,移动电话,详细地址,需要电子数据,备注\r\n"
    assert expected == workspace_files()["mailing.csv"]


def test_a_shipped_campaign_may_be_named_by_its_id(tmp_path: Path) -> None:
    settings = load_settings(a_workspace(tmp_path, 'campaign = "ningxia-2023"'))
    assert load_campaign("ningxia-2023") == load_campaign(settings.campaign, tmp_path)
