"""The help of all commands in the language of whoever asks; its frame is the library's, in English."""

from collections.abc import Iterator
from typing import Any

import typer
from typer import rich_utils

from config.language import CHINESE
from gradphoto.language import shown, spoken

_FRAME = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "DEFAULT_STRING": "[默认：{}]",
    "ENVVAR_STRING": "[环境变量：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
}
"""What the library says around the words of a command, by its own names."""
_USAGE, _HELP = ("Usage: ", "用法："), "显示这段说明"


def command_of(app: typer.Typer) -> Any:
    """The program as one command whose help is in the language that is spoken now."""
    command = typer.main.get_command(app)
    if spoken() == CHINESE:
        for name, words in _FRAME.items():
            setattr(rich_utils, name, words)
    for one in _all(command):
        if spoken() == CHINESE:
            _frame(one)
        else:
            _translated_when_asked(one)
    return command


def _translated_when_asked(command: Any) -> None:
    """Hardly a start asks for help, and then for that of one command."""
    show = command.format_help

    def format_help(context: Any, formatter: Any) -> None:
        for one in (command, *getattr(command, "commands", {}).values()):
            one.help = shown(one.help or "")
        for parameter in command.params:
            parameter.help = shown(getattr(parameter, "help", None) or "")
            if isinstance(getattr(parameter, "show_default", None), str):
                parameter.show_default = shown(parameter.show_default)
        show(context, formatter)

    command.format_help = format_help


def _frame(command: Any) -> None:
    """The two words of the library that stand in no constant."""
    usage, option = command.get_usage, command.get_help_option
    command.get_usage = lambda context: usage(context).replace(*_USAGE, 1)

    def help_option(context: Any) -> Any:
        if found := option(context):
            found.help = _HELP
        return found

    command.get_help_option = help_option


def _all(command: Any) -> Iterator[Any]:
    yield command
    for one in getattr(command, "commands", {}).values():
        yield from _all(one)
