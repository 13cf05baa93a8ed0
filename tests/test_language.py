"""Whoever reads English reads all of it in English, and what is kept does not depend on who looks."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from cli.help import command_of
from cli.main import app
from config.campaign_file import load_campaign
from config.language import language_of
from gradphoto.language import PO, shown
from gradphoto.language.catalogue import Catalogue
from gradphoto.language.collect import texts
from gradphoto.language.template import HAN
from tests.pages_said import CHINESE, texts_of
from tests.small_night import program
from tests.test_golden import BUNDLE, bundle

ROOT = Path(__file__).parents[1]
GAP = re.compile(r"((?:\{\w+(?:!s)?\})+)")
CATALOGUE = {str(one.id): str(one.string) for one in read_po(PO.open("rb")) if one.id}


# ---- The catalogue


def test_the_catalogue_has_every_text_of_the_sources_and_no_other() -> None:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, keywords={"_": None, "gettext": None})
    assert {message if isinstance(message, str) else message[0] for _, _, message, *_ in found} == set(CATALOGUE)


def test_every_text_is_translated_with_all_that_is_filled_in() -> None:
    def gaps(text: str) -> list[str]:
        return sorted(gap.replace("!s", "") for gap in GAP.findall(text))

    lacking = [text for text, said in CATALOGUE.items() if not said or gaps(text) != gaps(said)]
    assert [] == lacking


def test_a_translation_is_english_or_the_text_is_meant_to_stay_as_it_is() -> None:
    assert [] == [said for text, said in CATALOGUE.items() if said != text and CHINESE.search(said)]


@pytest.mark.parametrize("said", ["x", "a/b.csv", "3"])
def test_a_line_is_known_by_its_template_whatever_is_filled_in(said: str) -> None:
    translated = {text: english for text, english in CATALOGUE.items() if text != english}
    catalogue = Catalogue(translated)
    for text, english in translated.items():
        filled, expected = (GAP.sub(said, one) for one in (text, english))
        assert expected == catalogue.translate(filled), text


# ---- How a line is found


SOME = Catalogue(
    {
        "{0}：已收 {1} 个文件": "{0}: {1} files taken in",
        "没有选项 {0}{1}": "no option {0}{1}",
        "，有 {0}": ", there is {0}",
        "名册 {0}：{1}": "roster {0!s}: {1}",
        "缺少此项": "missing",
        "无法读取（{0}）": "cannot be read ({0})",
        "没有权限": "no permission",
        "已入包": "delivered",
        "重复": "duplicate",
    }
)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2023-07-02-yanchi：已收 3 个文件", "2023-07-02-yanchi: 3 files taken in"),
        ("盐池学院：已收 3 个文件", "盐池学院: 3 files taken in"),
        ("没有选项 --jso，有 --json", "no option --jso, there is --json"),
        ("没有选项 --jso", "no option --jso"),
        ("a.csv：无法读取（没有权限）", "a.csv: cannot be read (no permission)"),
        ("已入包；重复", "delivered; duplicate"),
        ("已入包（没有权限）", "delivered (no permission)"),
        ("已入包（重复：甲）", "delivered (duplicate: 甲)"),
        ("已入包（重复（没有权限））；甲", "delivered (duplicate (no permission)); 甲"),
        ("名册 重复：缺少此项", "roster 重复: missing"),
        ("王小明", "王小明"),
        ("一人的话：重来", "一人的话：重来"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_line_is_translated_with_the_texts_within_it_and_data_stay_as_they_are(line: str, said: str) -> None:
    assert said == SOME.translate(line)


@pytest.mark.parametrize("campaign", ["ningxia-2023", "jianghe-2024"])
def test_what_a_campaign_says_is_shown_as_it_is(campaign: str) -> None:
    catalogue = Catalogue({text: said for text, said in CATALOGUE.items() if text != said})
    said = [
        *texts_of(load_campaign(campaign).model_dump()),
        "石嘴山分校",
        "赵一秒",
        "李分",
        "第一中学",
        "中心小学",
    ]
    assert said == [catalogue.translate(one) for one in said]


def test_what_stands_in_a_gap_may_look_like_a_gap() -> None:
    assert "{1}: 3 files taken in" == SOME.translate("{1}：已收 3 个文件")


def test_the_texts_of_a_source_are_its_strings_with_chinese_but_not_what_documents_it() -> None:
    source = '''"""这是文档。"""
def f(a, b):
    """也是文档。"""
    return f"{a.b}：{len(b)} 个文件{'，没有' if b else ''}", "plain", "{{花}}"
'''
    assert ["{0}：{1} 个文件{2}", "{{花}}", "，没有"] == [text.template for text in texts(source)]
    assert "也是文档。" in [text.template for text in texts(source, docstrings=True)]


# ---- Who reads what


@pytest.mark.parametrize(
    ("environment", "setting", "language"),
    [
        ({}, "", "zh"),
        ({"LANG": "C.UTF-8"}, "", "zh"),
        ({"LANG": "en_GB.UTF-8"}, "", "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "", "zh"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "", "LC_MESSAGES": "de_DE"}, "", "zh"),
        ({"LANG": "en_GB.UTF-8"}, "zh", "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "en", "en"),
        ({"GRADPHOTO_LANGUAGE": "zh"}, "en", "zh"),
        ({"LANG": "en_US"}, "klingon", "en"),
    ],
)
def test_the_variable_wins_over_the_setting_and_the_setting_over_the_locale(
    environment: dict[str, str], setting: str, language: str, tmp_path: Path
) -> None:
    if setting:
        (tmp_path / "gradphoto.toml").write_text(f'language = "{setting}"', encoding="utf-8")
    assert language == language_of(environment, tmp_path)


def test_a_language_that_is_neither_is_refused_with_the_key(tmp_path: Path) -> None:
    (tmp_path / "gradphoto.toml").write_text('language = "de"', encoding="utf-8")
    done = program("status", "--workspace", tmp_path)
    assert (2, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert "language：'de' 应写作 zh 或 en" in done.stderr


def test_the_setting_of_a_workspace_speaks_for_its_commands(tmp_path: Path) -> None:
    (tmp_path / "gradphoto.toml").write_text('language = "en"\nworker = 3', encoding="utf-8")
    done = program("status", "--workspace", tmp_path)
    assert 2 == done.returncode
    assert not CHINESE.search(done.stderr), done.stderr
    assert "worker" in done.stderr


@pytest.mark.usefixtures("english")
def test_the_help_of_every_command_is_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    command = command_of(app)
    for words in _commands(command):
        command([*words, "--help"], standalone_mode=False)
        said = capsys.readouterr().out
        assert not CHINESE.search(said), said
        assert "--help" in said


def test_the_frame_of_the_help_is_in_chinese_too() -> None:
    said = program("status", "--help").stdout
    assert [] == [word for word in ("Usage", "Options", "Arguments", "Show this", "default") if word in said]
    assert [] == [word for word in ("用法", "参数", "选项", "显示这段说明", "默认") if word not in said]


def _commands(command: Any) -> Iterator[list[str]]:
    yield []
    for name, one in getattr(command, "commands", {}).items():
        yield from ([name, *words] for words in _commands(one))


@pytest.mark.usefixtures("english")
def test_what_is_delivered_is_the_same_whoever_looks(tmp_path: Path) -> None:
    assert BUNDLE.read_text(encoding="ascii").strip() == hashlib.sha256(bundle(tmp_path)).hexdigest()


@pytest.mark.usefixtures("english")
def test_a_text_that_nobody_translated_is_shown_as_it_is() -> None:
    assert HAN.search(shown("这一句谁也没有翻译过"))
