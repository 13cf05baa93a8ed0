"""The password of an encrypted bundle: made and shown once, asked on the terminal, or read from a file."""

from pathlib import Path
from typing import Annotated

import typer

from cli.passphrase import asked, written
from cli.show import aside
from gradphoto.adapters.unpack import needs_password

PasswordOption = Annotated[
    Path | None, typer.Option("--password-file", metavar="FILE", help="加密zip的密码从这个文件读，只有一行")
]


def password_of(path: Path, file: Path | None) -> str | None:
    """The password for the bag at `path`; None where none is needed. `Problem` without file and terminal."""
    if not path.is_file() or not needs_password(path):
        return None
    return written(file, "密码") if file else asked("密码：", "密码", "--password-file")


def show_once(password: str) -> None:
    """On standard error, so that it stays out of what is redirected into a file; it is kept nowhere."""
    aside(f"密码（含连字符）：{password}")
    aside("只显示这一次，也不会保存：请记下，不要和文件一起发送，用电话等另一种方式告诉对方")
    aside("打开要用 7-Zip、WinRAR 或 Bandizip 一类的程序，Windows 自带的解压不支持这种加密")
