"""What was wrong with the words of a command, in the operator's language.

The library says it in English. Here are Chinese words for what it says; a message that nobody met yet stays as
it is, for a line in English is better than none.
"""

import re

from typer._click.exceptions import (
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
)

_SAID = (
    (r"No such command '(.*)'\.(?:.*)?", "没有命令 '{0}'"),
    (r"Got unexpected extra arguments? ?(?:\(s\) )?\((.*)\)", "多出了 {0}"),
    (r"Option '?(\S+?)'? requires an argument\.", "{0} 后面少了内容"),
    (r"Option '?(\S+?)'? does not take a value\.", "{0} 后面不能带内容"),
    (r"Input should be a valid (?:integer|number).*", "应为数字"),
    (r"Input should be greater than or equal to (\S+)", "不能小于 {0}"),
    (r"Input should be less than or equal to (\S+)", "不能大于 {0}"),
)


def usage(trouble: ClickException) -> str:
    """One line for the operator; the help where a command was given no words at all."""
    if isinstance(trouble, NoArgsIsHelpError):
        return trouble.format_message()
    return f"用法不对：{_why(trouble)}，请看 {_command(trouble)} --help"


def _why(trouble: ClickException) -> str:
    if isinstance(trouble, MissingParameter):
        return f"少了 {_hint(trouble)}"
    if isinstance(trouble, BadParameter):
        return f"{_hint(trouble)}：{_chinese(trouble.message)}"
    if isinstance(trouble, NoSuchOption):
        alike = f"，有 {' '.join(sorted(trouble.possibilities))}" if trouble.possibilities else ""
        return f"没有选项 {trouble.option_name}{alike}"
    return _chinese(trouble.format_message())


def _hint(trouble: BadParameter) -> str:
    given = trouble.param_hint or (trouble.param.get_error_hint() if trouble.param else "")
    return (given if isinstance(given, str) else " / ".join(given)).replace("'", "")


def _chinese(said: str) -> str:
    found = ((re.fullmatch(pattern, said, flags=re.DOTALL), words) for pattern, words in _SAID)
    return next((words.format(*match.groups()) for match, words in found if match), said)


def _command(trouble: ClickException) -> str:
    """The words of the command whose help says more."""
    context = getattr(trouble, "ctx", None)
    return str(context.command_path) if context else "gradphoto"
