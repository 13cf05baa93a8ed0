"""`check --watch`: a line for each frame while the student is still on the chair, and again when that changes."""

import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event

from cli.show import aside, say
from gradphoto.stages.watching import Venue, reports
from gradphoto.venue import Report


def follow(venue: Venue, folders: Sequence[Path], quiet: bool) -> Report:
    """Say every frame until Ctrl-C; the report of the last look. `quiet`: on standard error."""
    line: Callable[[str], None] = aside if quiet else say
    said, stop, season = dict[str, str](), Event(), None
    for stop_signal in (signal.SIGINT, signal.SIGTERM):  # also where whoever started it has them ignored
        signal.signal(stop_signal, signal.default_int_handler)
    line(f"在看 {'、'.join(map(str, folders))}，按 Ctrl-C 结束")
    try:
        for _ in reports(venue, folders, stop, _once(line)):
            if season is not venue.season:
                season, said = venue.season, _told(venue.lines(), said, line)
    except KeyboardInterrupt:
        stop.set()
    return venue.report()


def _told(lines: Mapping[str, str], said: Mapping[str, str], line: Callable[[str], None]) -> dict[str, str]:
    """Say what is new, and again what is not as it was said."""
    for path, text in lines.items():
        if said.get(path) != text:
            line(f"更正 {text}" if path in said else text)
    return dict(lines)


def _once(line: Callable[[str], None]) -> Callable[[str], None]:
    """A folder that stays away is not told of twice a second."""
    last = ""

    def gone(words: str) -> None:
        nonlocal last
        if words != last:
            line(words)
        last = words

    return gone
