"""The passphrase of a kit: asked on the terminal without echo, or read from a file; never among the arguments."""

import getpass
import warnings
from pathlib import Path
from typing import Annotated

import typer

from cli.problem import Problem
from config.documents import read_ordinary
from gradphoto.adapters.kit_file import LEAST_PASSPHRASE
from gradphoto.adapters.reasons import reason
from gradphoto.language import shown
from gradphoto.safe_name import safe_name

PassphraseOption = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="口令从这个文件读，只有一行")
]

_LONGEST = 1024


def passphrase(file: Path | None) -> str:
    """The passphrase of a kit that is there; `Problem` when there is neither a file nor a terminal."""
    return written(file) if file else asked("登记包口令：")


def new_passphrase(file: Path | None) -> str:
    """The passphrase of a kit that is being made, asked twice; `Problem` when too short or not the same."""
    first = passphrase(file)
    if len(first) < LEAST_PASSPHRASE:
        raise Problem(f"口令太短：至少 {LEAST_PASSPHRASE} 个字符，请换一个")
    if not file and first != asked("再输入一次："):
        raise Problem("两次输入的口令不同，请再运行一次")
    return first


def asked(prompt: str, what: str = "口令", option: str = "--passphrase-file") -> str:
    """What somebody types without an echo; `Problem` names the option where there is no terminal."""
    return typed(prompt, f"没有可输入{what}的终端：请用 {option} 给出{what}文件")


def typed(prompt: str, lacking: str) -> str:
    """The same, with what to say without a terminal: Python would echo there, which is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(shown(prompt))
        except (getpass.GetPassWarning, EOFError):
            raise Problem(lacking) from None


def written(file: Path, what: str = "口令") -> str:
    """The one line of a file; `Problem` when it holds anything else or cannot be read."""
    name = f"{what}文件 {safe_name(file.as_posix())}"
    try:
        text = read_ordinary(file, _LONGEST).decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except OSError as trouble:
        raise Problem(f"{name}：无法读取（{reason(trouble)}），请检查路径") from None
    except UnicodeDecodeError:
        raise Problem(f"{name}：不是 UTF-8 编码，请另存为 UTF-8") from None
    if not text.isprintable() or not text or len(text) >= _LONGEST:
        raise Problem(f"{name}：应只有一行{what}，没有控制字符")
    return text
