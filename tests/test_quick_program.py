"""What the tests run as the program, without its imports each time, is the program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quick_program import ROOT, run_program
from tests.small_night import build, small


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quick")
    build(folder, small())
    return folder


@pytest.mark.parametrize("words", ["status --json", "ingest nowhere"])
def test_it_says_and_ends_what_the_program_does_that_starts_from_nothing(folder: Path, words: str) -> None:
    environment = {**os.environ, "GRADPHOTO_WORKSPACE": str(folder)}
    command = [sys.executable, "-c", "from cli.main import main; main()", *words.split()]
    whole = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    quick = run_program(words.split(), environment)
    assert (whole.returncode, whole.stdout, whole.stderr) == (quick.returncode, quick.stdout, quick.stderr)


def test_each_run_has_its_own_folder_and_environment(folder: Path, tmp_path: Path) -> None:
    assert 2 == run_program(["status"], folder=tmp_path).returncode
    here, there = run_program(["status", "--json"], folder=folder), {"GRADPHOTO_WORKSPACE": str(folder)}
    assert json.loads(here.stdout) == json.loads(run_program(["status", "--json"], {**os.environ, **there}).stdout)


def test_what_an_interpreter_reads_when_it_starts_is_read(tmp_path: Path) -> None:
    ended = run_program(["status"], {**os.environ, "PYTHONIOENCODING": "ascii"}, folder=tmp_path)
    assert (2, True) == (ended.returncode, ended.stderr.isascii())
