"""The files beside a kit that start the desk by a double click, one for each system, as texts. Pure.

They look for the program beside themselves, on the PATH and where uv puts it. None of them holds a word that a
console in another encoding could not show: what to install is said by the text file, which they print.
"""

from collections.abc import Mapping

WINDOWS, MACOS, LINUX = "开始登记.cmd", "开始登记.command", "开始登记.sh"
HELP = "安装说明.txt"

_CMD = r"""@echo off
setlocal
chcp 65001 >nul
set PYTHONUTF8=1
set "PROGRAM="
set "HERE=%~dp0.venv\Scripts\gradphoto.exe"
set "ABOVE=%~dp0..\.venv\Scripts\gradphoto.exe"
if exist "%ABOVE%" set "PROGRAM=%ABOVE%"
if exist "%HERE%" set "PROGRAM=%HERE%"
if not defined PROGRAM for %%p in (gradphoto.exe) do set "PROGRAM=%%~$PATH:p"
if not defined UV_TOOL_BIN_DIR set "UV_TOOL_BIN_DIR=%USERPROFILE%\.local\bin"
if not defined PROGRAM if exist "%UV_TOOL_BIN_DIR%\gradphoto.exe" set "PROGRAM=%UV_TOOL_BIN_DIR%\gradphoto.exe"
if not defined PROGRAM goto missing
"%PROGRAM%" desk --pack "%~dp0{kit}"
set "CODE=%ERRORLEVEL%"
if not "%CODE%"=="0" pause
exit /b %CODE%
:missing
for %%f in ("%~dp0*.txt") do type "%%~f"
pause
exit /b 1
"""

_SH = r"""#!/bin/sh
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
found=
for program in "$here/.venv/bin/gradphoto" "$here/../.venv/bin/gradphoto" "$(command -v gradphoto)" \
  "${UV_TOOL_BIN_DIR:-${XDG_BIN_HOME:-$HOME/.local/bin}}/gradphoto"
do
  if [ -z "$found" ] && [ -f "$program" ] && [ -x "$program" ]; then found=$program; fi
done
if [ -n "$found" ]; then
  "$found" desk --pack "$here/{kit}"
  code=$?
else
  cat "$here"/*.txt
  code=1
fi
if [ "$code" -ne 0 ] && [ -t 0 ]; then read -r _; fi
exit "$code"
"""

_HELP = """这台电脑上没有找到 gradphoto。请按下面的办法装一次，以后双击“开始登记”即可，不需要网络。

1. 安装 Python 3.11 和 uv（一个文件，放在任何文件夹里都行）。
2. 在命令行进入办公室给的 wheels 文件夹所在的位置，运行：
       uv tool install --python 3.11 --offline --no-index -f wheels gradphoto
   能上网的电脑也可以不带 wheels，由办公室告诉安装命令。
3. 再双击“开始登记”：Windows 用 .cmd，macOS 用 .command，Linux 用 .sh。

登记包（.gradkit）要口令才能打开，口令不要写在U盘上。
登记日志 scanlog-*.csv 写在登记包旁边。收工后把整个文件夹带回办公室，运行 gradphoto desk back。
"""


def start_files(kit: str) -> Mapping[str, bytes]:
    """By name the bytes of each file; `kit` is the file name of the kit, in ASCII."""
    script = _SH.replace("{kit}", kit).encode("ascii")
    return {
        WINDOWS: _CMD.replace("{kit}", kit).replace("\n", "\r\n").encode("ascii"),
        MACOS: script,
        LINUX: script,
        HELP: _HELP.replace("\n", "\r\n").encode(),
    }
