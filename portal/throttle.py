"""How often somebody may try a token that is none: for each address and for all together, in bounded memory."""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

REMEMBERED = 4096
"""Addresses. Whoever has more than that at hand is held by what all together may do."""
_OTHERS = "?"


class Rate(NamedTuple):
    """So many wrong tries at once, and one more every `seconds`."""

    burst: int
    seconds: float


EACH, ALL = Rate(10, 6.0), Rate(200, 0.5)


class _Bucket:
    def __init__(self, rate: Rate, now: float) -> None:
        self._rate, self._left, self._at = rate, float(rate.burst), now

    def wait(self, now: float) -> float:
        """Seconds until a try is free; 0 when one is."""
        self._left = min(self._rate.burst, self._left + max(0.0, now - self._at) / self._rate.seconds)
        self._at = max(self._at, now)
        return 0.0 if self._left >= 1 else (1 - self._left) * self._rate.seconds

    def take(self, now: float) -> None:
        self.wait(now)
        self._left = max(0.0, self._left - 1)


class Throttle:
    """Counts wrong tries only: whoever has a good token is not held up by their own requests.

    `clock` never goes back (`time.monotonic`).
    """

    def __init__(self, clock: Callable[[], float], each: Rate = EACH, together: Rate = ALL) -> None:
        self._clock, self._each = clock, each
        self._all = _Bucket(together, clock())
        self._by: OrderedDict[str, _Bucket] = OrderedDict()
        self._turn = Lock()

    def wait(self, address: str) -> float:
        """Seconds until that address may try again; 0 when it may now."""
        with self._turn:
            now, mine = self._clock(), self._by.get(neighbourhood(address))
            return max(self._all.wait(now), mine.wait(now) if mine else 0.0)

    def wrong(self, address: str) -> None:
        """A try with a token that is none."""
        with self._turn:
            now, key = self._clock(), neighbourhood(address)
            bucket = self._by.pop(key, None) or _Bucket(self._each, now)
            self._by[key] = bucket
            bucket.take(now)
            self._all.take(now)
            if len(self._by) > REMEMBERED:
                self._by.popitem(last=False)

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._by)


def neighbourhood(address: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits that one household has.

    >>> neighbourhood("2001:db8::1:2:3:4"), neighbourhood("192.0.2.7"), neighbourhood("")
    ('2001:db8::/64', '192.0.2.7', '?')
    """
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return _OTHERS
    return str(one) if one.version == 4 else str(ipaddress.ip_network(f"{one}/64", strict=False))
