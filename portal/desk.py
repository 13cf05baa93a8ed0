"""One check-in desk at work: its kit, its log, and everybody's rows so far. What it answers stands in `Book`.

Requests come on several threads; each that writes reads all logs anew before, so that a row of the other desk is
asked about. A request that comes twice, because its reply was lost, is answered as the first was.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from config.campaign import Campaign
from gradphoto.adapters.desk_log import DeskLog
from gradphoto.adapters.desk_logs import DeskLogs
from gradphoto.desk.answers import Answer, Asks, Card, Entry, Known
from gradphoto.desk.book import Book
from gradphoto.desk.people import People
from gradphoto.desk.seen import Seen
from gradphoto.desk.typed import meaning
from gradphoto.kit import Kit
from gradphoto.language import shown
from portal.desk_state import state_of

_REMEMBERED = 200
Reply = dict[str, Any]
_Asked = Callable[[Book, Sequence[str]], Answer]
"""What a book is asked, with the questions that were confirmed."""
_SAID = ("when", "ineligible", "warning", "photographed")
"""Of a card what is no name and no number."""


class Desk:
    """What the page talks to. `now` is campaign time, `seen` whoever looks at the pictures."""

    def __init__(
        self, kit: Kit, campaign: Campaign, log: DeskLog, now: Callable[[], datetime], seen: Seen | None = None
    ) -> None:
        self.people, self.log = People(kit, campaign), log
        self._kit, self._now, self._seen = kit, now, seen
        self._logs = DeskLogs(log.path.parent, kit.session, campaign)
        self._told: OrderedDict[str, Reply] = OrderedDict()
        self._turn = Lock()

    def state(self) -> Reply:
        """Everything that the page shows by itself: last rows, counts, what is at odds."""
        with self._turn:
            rows, held = self._logs.look()
            seen = self._seen.photographed() if self._seen else None
        return {
            "session": self._kit.session,
            "station": self.log.station,
            "file": str(self.log.path),
            "lacking": shown(self._kit.lacking),
            "held": [shown(one.text) for one in held],
            **state_of(self.people, self._book(rows), seen, self._now()),
        }

    def read(self, text: str, fast: bool) -> Reply:
        """What a line means: a code with what is known of it, or the students whose number it may be."""
        book = self._fresh()
        if meaning(text, fast, self.people.names) == "code":
            code = text.strip()
            trouble, holder = book.about(code)
            return {"kind": "code", "code": code, "trouble": shown(trouble), "holder": shown(holder)}
        hits = self.people.names.find(text)
        cards = [_card(book.card(no)) for no in hits.student_nos]
        return {"kind": "number", "cards": cards, "trouble": shown(hits.problem)}

    def bind(self, key: str, code: str, student_no: str, by_hand: bool, confirmed: Sequence[str]) -> Reply:
        """Write a binding, or say why not; `DeskLogTrouble` when the disk does not take it."""
        return self._once(key, lambda book, yes: book.bind(code.strip(), student_no, by_hand, yes), confirmed)

    def undo(self, key: str, confirmed: Sequence[str]) -> Reply:
        """Take back this station's last binding."""
        return self._once(key, lambda book, yes: book.undo(self.log.station, yes), confirmed)

    def _once(self, key: str, asked: _Asked, confirmed: Sequence[str]) -> Reply:
        with self._turn:
            if key not in self._told:
                answer = _answer(self._book(self._logs.look()[0]), asked, confirmed)
                if not isinstance(answer, Entry):
                    return _not_written(answer)
                self.log.append(self._free_moment(), answer)
                self._told[key] = {"done": True}
                if len(self._told) > _REMEMBERED:
                    self._told.popitem(last=False)
            return self._told[key]

    def _free_moment(self) -> datetime:
        """Now, but no row of this station has the time of another, by which it is named."""
        taken = {row.at for row in self._logs.look()[0] if row.station == self.log.station}
        at = self._now()
        while at in taken:
            at += timedelta(milliseconds=1)
        return at

    def _fresh(self) -> Book:
        with self._turn:
            return self._book(self._logs.look()[0])

    def _book(self, rows: Sequence[Any]) -> Book:
        return Book(self.people, rows, self._seen.photographed() if self._seen else None)


def clock(timezone: str) -> Callable[[], datetime]:
    """Campaign time, to the millisecond as logs have it."""
    zone = ZoneInfo(timezone)

    def now() -> datetime:
        at = datetime.now(zone).replace(tzinfo=None)
        return at.replace(microsecond=at.microsecond // 1000 * 1000)

    return now


def _answer(book: Book, asked: _Asked, confirmed: Sequence[str]) -> Answer:
    """The answer where a question counts as confirmed in the words in which it was shown."""
    answer = asked(book, ())
    if isinstance(answer, Asks) and {*map(shown, answer.questions)} <= set(confirmed):
        return asked(book, answer.questions)
    return answer


def _card(card: Card) -> Reply:
    said = card.model_dump()
    return said | {key: shown(said[key]) for key in _SAID} | {"bound": [shown(one) for one in card.bound]}


def _not_written(answer: Answer) -> Reply:
    if isinstance(answer, Asks):
        return {"asks": [shown(one) for one in answer.questions]}
    if isinstance(answer, Known):
        return {"known": shown(answer.said)}
    assert not isinstance(answer, Entry)
    return {"refused": shown(answer.why)}
