"""The alarms of a session: expected against photographed, desk against camera, one body against the others. Pure.

A session without anything odd has none. Whatever concerns one picture alone is a discrepancy, not an alarm.
"""

from collections.abc import Sequence

from gradphoto.alarm import Alarm, Scene
from gradphoto.alarms_body import body_alarms
from gradphoto.alarms_desk import desk_alarms
from gradphoto.discrepancy import Discrepancy

NOT_READ = Discrepancy(code="not-read")
MOST = 12
"""Lines that a person reads before anything else; the JSON has all."""


def session_alarms(scene: Scene) -> tuple[Alarm, ...]:
    """Every alarm of one session, the desk's first; none before all of it was read, for it would mislead."""
    if any(match.classified.trouble == NOT_READ for match in scene.matches):
        return ()
    return tuple(dict.fromkeys((*desk_alarms(scene), *body_alarms(scene))))


def alarm_lines(found: Sequence[Alarm]) -> list[str]:
    """The alarms for people: at most `MOST` lines, then how many there are besides."""
    more = len(found) - MOST
    rest = [f"另有 {more} 条警示：gradphoto status SESSION --json"] if more > 0 else []
    return [*(alarm.text for alarm in found[:MOST]), *rest]
