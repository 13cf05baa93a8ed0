"""The portal's gate: what a token, a seat, an invite and a wrong try are worth, without any page."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import Store
from gradphoto.invites import Invite, Revoked, standing
from gradphoto.rerun_requests import Begun, Request
from gradphoto.rerun_requests import standing as standing_requests
from gradphoto.run import CentreOutcome, Run
from gradphoto.stages.invites import Invites, InviteTrouble, make_invite, revoke_invites
from gradphoto.stages.rerun_requests import ask_rerun, note_begun, requests
from gradphoto.stages.runs import record_run
from portal.access import AccessLog
from portal.gate import Gate
from portal.proxies import Proxies
from portal.seats import Seats
from portal.throttle import ALL, EACH, REMEMBERED, Throttle
from tests.portal_visits import Clock

NOW = datetime(2023, 8, 1, 9, 0, tzinfo=UTC)
FAILED = Run(flow="nightly", snapshot=1, centres=(CentreOutcome(centre="longde", result="failed", reason="磁盘"),))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return FolderStore(tmp_path / "store")


@pytest.fixture
def seats(tmp_path: Path) -> Seats:
    return Seats(tmp_path / "portal")


# ---- Invites


def test_a_token_is_nowhere_in_the_store_and_has_128_bits_and_more(store: Store, tmp_path: Path) -> None:
    _, token = make_invite(store, "guyuan", 30, NOW)

    assert len(token) * 6 >= 128
    assert not any(token.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_every_invite_has_another_token(store: Store) -> None:
    assert 50 == len({make_invite(store, "guyuan", 30, NOW)[1] for _ in range(50)})


@given(days=st.integers(1, 366), after=st.timedeltas(timedelta(), timedelta(days=400)))
def test_an_invite_admits_until_it_expires_and_not_from_then_on(days: int, after: timedelta) -> None:
    invite = Invite(number=1, centre="guyuan", token="0" * 64, made=NOW, expires=NOW + timedelta(days=days))

    assert ("valid" if after < timedelta(days=days) else "expired") == standing([invite], NOW + after)[0].state


def test_what_is_revoked_stays_revoked_whatever_is_revoked_again(store: Store) -> None:
    first, token = make_invite(store, "guyuan", 30, NOW)
    make_invite(store, "guyuan", 30, NOW)
    invites = Invites(store)
    assert first == invites.by_token(token, NOW)

    assert [1] == revoke_invites(store, [1, 1], NOW)
    assert [] == revoke_invites(store, [1], NOW)
    assert None is invites.by_token(token, NOW)
    assert ["revoked", "valid"] == [one.state for one in invites.standing(NOW)]


def test_a_revocation_may_have_any_number_but_its_invite_must_be_there(store: Store) -> None:
    make_invite(store, "guyuan", 30, NOW)
    with pytest.raises(InviteTrouble, match="没有编号为 7 的邀请"):
        revoke_invites(store, [1, 7], NOW)
    assert ["valid"] == [one.state for one in Invites(store).standing(NOW)]
    assert [] == standing([Revoked(invite=9, at=NOW)], NOW)


# ---- Seats


@given(st.data())
def test_a_seat_that_was_changed_in_any_place_is_none(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    seats = Seats(tmp_path_factory.getbasetemp() / "seats")
    cookie = seats.take("7", NOW + timedelta(hours=12))
    place = data.draw(st.integers(0, len(cookie) - 1))
    other = data.draw(st.characters(codec="latin-1").filter(lambda one: one != cookie[place]))

    assert seats.read(cookie, NOW) is not None

    assert None is seats.read(cookie[:place] + other + cookie[place + 1 :], NOW)


def test_a_seat_outlasts_a_restart_but_not_its_end_and_not_being_left(tmp_path: Path) -> None:
    seats = Seats(tmp_path)
    cookies = [seats.take("7", NOW + timedelta(hours=hours)) for hours in (1, 12, 12)]
    left = seats.read(cookies[2], NOW)
    assert left
    seats.leave(left, NOW)

    again = Seats(tmp_path)
    later = NOW + timedelta(hours=1)
    assert [None, "7", None] == [seat and seat.invite for seat in (again.read(one, later) for one in cookies)]


def test_seats_of_another_workspace_are_none(tmp_path: Path, seats: Seats) -> None:
    cookie = Seats(tmp_path / "other").take("7", NOW + timedelta(hours=1))
    assert None is seats.read(cookie, NOW)


def test_several_portals_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    made: list[Seats] = []
    threads = [Thread(target=lambda: made.append(Seats(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cookie = made[0].take("7", NOW + timedelta(hours=1))

    assert [True] * 8 == [one.read(cookie, NOW) is not None for one in made]
    assert 0o600 == stat.S_IMODE((tmp_path / "key").stat().st_mode)


def test_a_cut_off_line_of_what_was_left_costs_that_line_only(tmp_path: Path) -> None:
    seats = Seats(tmp_path)
    cookie = seats.take("7", NOW + timedelta(hours=1))
    seat = seats.read(cookie, NOW)
    assert seat
    seats.leave(seat, NOW)
    (tmp_path / "left.jsonl").open("ab").write(b'{"nonce": "cut o')

    assert None is Seats(tmp_path).read(cookie, NOW)


def test_the_link_shown_at_the_start_is_good_for_that_start_only(store: Store, tmp_path: Path) -> None:
    first, second = (Gate(store, tmp_path, lambda: NOW, 12) for _ in range(2))
    admitted = first.admits(first.start_token)
    assert admitted
    cookie = first.sit(admitted)

    assert admitted.visitor.operator
    assert (None, None) == (second.admits(first.start_token), second.seated(cookie))


def test_a_seat_ends_no_later_than_its_invite(store: Store, tmp_path: Path) -> None:
    clock = Clock(NOW)
    gate = Gate(store, tmp_path, clock, 720)
    admitted = gate.admits(make_invite(store, "guyuan", 1, NOW)[1])
    assert admitted
    cookie = gate.sit(admitted)

    clock.later(hours=23)
    assert gate.seated(cookie)
    clock.later(hours=1)
    assert None is gate.seated(cookie)


# ---- Wrong tries


def test_whoever_tries_too_often_waits_and_others_do_not() -> None:
    clock = Clock()
    throttle = Throttle(lambda: clock.seconds)
    for _ in range(EACH.burst):
        assert 0 == throttle.wait("192.0.2.1")
        throttle.wrong("192.0.2.1")

    assert (True, 0) == (0 < throttle.wait("192.0.2.1") <= EACH.seconds, throttle.wait("192.0.2.2"))
    clock.later(seconds=EACH.seconds)
    assert 0 == throttle.wait("192.0.2.1")


def test_a_house_with_a_whole_network_counts_as_one_and_an_army_as_all() -> None:
    throttle = Throttle(lambda: 0.0)
    for number in range(EACH.burst):
        throttle.wrong(f"2001:db8::{number:x}")
    assert 0 < throttle.wait("2001:db8::ffff")
    for number in range(ALL.burst):
        throttle.wrong(f"10.0.{number // 250}.{number % 250}")
    assert 0 < throttle.wait("192.0.2.99")


@given(
    st.lists(st.integers(0, 2**32 - 1).map(lambda one: ".".join(str(one >> at & 255) for at in (24, 16, 8, 0))))
)
def test_however_many_addresses_there_are_few_are_remembered(addresses: list[str]) -> None:
    throttle = Throttle(lambda: 0.0)
    for address in [
        *addresses,
        *(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(0, 8 * REMEMBERED, 997)),
    ]:
        throttle.wrong(address)
    assert len(throttle) <= REMEMBERED


def test_memory_is_bounded_whoever_comes() -> None:
    throttle = Throttle(lambda: 0.0)
    for number in range(REMEMBERED + 500):
        throttle.wrong(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert REMEMBERED == len(throttle)


# ---- Whose address


@pytest.mark.parametrize(
    ("proxies", "said", "address"),
    [
        ("", "203.0.113.5", "127.0.0.1"),
        ("10.0.0.0/8", "203.0.113.5", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        ("127.0.0.1, 203.0.113.0/24", "198.51.100.1, 203.0.113.5", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "nonsense"),
    ],
)
def test_only_a_proxy_of_the_settings_says_for_whom_it_asks(proxies: str, said: str, address: str) -> None:
    scope = {"type": "http", "client": ("127.0.0.1", 4711), "headers": [(b"x-forwarded-for", said.encode())]}
    assert address == Proxies(proxies).client(scope)


# ---- Requests for reruns


def test_a_request_waits_is_begun_and_is_done_by_the_next_run_of_its_centre(store: Store) -> None:
    record_run(store, FAILED)
    asked = ask_rerun(store, "longde", "3", "")
    assert [(asked, "waiting")] == requests(store)

    assert asked == ask_rerun(store, "longde", "3", "")
    note_begun(store, asked, "")
    assert (asked, [(asked, "begun")]) == (ask_rerun(store, "longde", "3", ""), requests(store))

    record_run(store, FAILED.model_copy(update={"centres": ()}))
    assert [(asked, "begun")] == requests(store)
    record_run(store, FAILED)
    assert [(asked, "done")] == requests(store)
    assert [3, 3] == [ask_rerun(store, "longde", "3", "").number for _ in range(2)]


@given(st.lists(st.integers(1, 4)))
def test_a_request_that_was_begun_never_waits_again(begun: list[int]) -> None:
    asked = [Request(number=number, centre=f"c{number}", who="1", at="", runs=0) for number in (1, 2, 3)]
    said = [*asked, *(Begun(request=number, at="") for number in begun)]

    assert ["begun" if one in begun else "waiting" for one in (1, 2, 3)] == [
        one.state for one in standing_requests(said, [])
    ]


# ---- The access log


def test_lines_of_several_threads_do_not_mix(tmp_path: Path) -> None:
    log = AccessLog(tmp_path / "log.jsonl")

    def note(who: str) -> None:
        for _ in range(50):
            log.note("", who, "GET", "/x" * 200, 200)

    threads = [Thread(target=note, args=(who,)) for who in "0123"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]

    assert 200 == len(lines)
    assert {"0", "1", "2", "3"} == {line["who"] for line in lines}
    assert 0o600 == stat.S_IMODE((tmp_path / "log.jsonl").stat().st_mode)
