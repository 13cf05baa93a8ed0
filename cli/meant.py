"""Groups of commands of which one is meant where none is named: `desk SESSION` is `desk open SESSION`."""

from typing import Any

from typer.core import TyperGroup


def meant(command: str, *, alone: bool = True) -> type[TyperGroup]:
    """A group in which a first word that is no command of it begins the arguments of that one.

    `alone`: also where there is no word at all.
    """

    class Group(TyperGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            named = args[:1] and (args[0] in self.commands or args[0] == "--help")
            return super().parse_args(ctx, args if named or not (args or alone) else [command, *args])

    return Group
