"""The portal over HTTP: who gets in, who sees what, what a form does, and that nothing else says anything."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from httpx import Client, Response

from cli.main import app
from cli.workspace import Workspace
from config.bad_input import BadInput
from gradphoto.adapters.verify import verify
from gradphoto.demo.workspace import build
from gradphoto.downloads import downloads
from gradphoto.packed import newest
from gradphoto.stages.addresses import addresses_now, may_download
from gradphoto.stages.decide import take_decision
from gradphoto.stages.invites import Invites, revoke_invites
from gradphoto.stages.recall import recalling
from gradphoto.stages.rerun_requests import requests
from portal.answers import HEADERS
from portal.throttle import EACH
from tests.portal_visits import Clock, Portal, form_of, opened_portal, post, sign_in, wants_files
from tests.small_night import ANNA, CARL, DORA, EMIL, run, small

ADDRESS = {
    "contact": "马示例",
    "phone": "0954-2020202",
    "mobile": "",
    "address": "宁夏固原市原州区学院路1号教务处",
    "electronic": "yes",
    "note": "",
    "signature": "马示例",
}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of whose two centres one failed."""
    folder = tmp_path_factory.mktemp("portal")
    build(folder, small())
    run(folder, drill=["longde"])
    return folder


@pytest.fixture(scope="module")
def shared(night: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal for tests that change nothing but for invites; guyuan may fetch its files."""
    with opened_portal(copied(night, tmp_path_factory.mktemp("shared") / "ws")) as portal:
        wants_files(portal.store, "guyuan")
        yield portal


@pytest.fixture
def portal(night: Path, tmp_path: Path) -> Iterator[Portal]:
    """A portal of one's own."""
    with opened_portal(copied(night, tmp_path / "ws")) as portal:
        yield portal


def copied(night: Path, folder: Path) -> Path:
    """The workspace without what came from the cameras, which the store has."""
    shutil.copytree(night, folder, ignore=shutil.ignore_patterns("inbox"))
    return folder


def told(answer: Response) -> tuple[int, dict[str, str], bytes]:
    """Everything of an answer but for its date."""
    return (
        answer.status_code,
        {key: value for key, value in answer.headers.items() if key != "date"},
        answer.content,
    )


def path_of(centre: str, version: int = 1) -> str:
    return f"/bundles/{centre}/{version}"


# ---- What is not there and what is not yours


NOT_THERE = ["/nothing", "/office/nothing", "/centre/nothing", path_of("guyuan", 9), path_of("nowhere"), "/docs"]
OF_THE_OFFICE = [
    "/office",
    "/office/sessions",
    "/office/runs/1",
    "/office/centres/guyuan",
    "/office/pages/gallery",
]


def test_what_is_not_yours_is_byte_for_byte_what_is_not_there(shared: Portal) -> None:
    paths = [
        *NOT_THERE,
        *OF_THE_OFFICE,
        path_of("longde"),
        "/bundles/../bundles/longde/1",
        "/office/pages/api/pending",
    ]
    with ExitStack() as stack:
        roles = [stack.enter_context(shared.visitor(token)) for token in ("", shared.token("guyuan"))]
        nothing = told(roles[0].get("/nothing"))
        answers = [told(role.get(path)) for role in roles for path in paths]
        answers += [told(roles[0].put("/centre/address")), told(roles[1].get("/leave"))]  # else 405

    assert 404 == nothing[0]
    assert [nothing] * len(answers) == answers


def test_without_a_seat_only_the_door_is_there(shared: Portal) -> None:
    with shared.visitor() as stranger:
        first = stranger.get("/")
        theirs = ["/centre", "/centre/address", "/centre/students", "/api/bundle", path_of("guyuan"), "/leave"]
        statuses = {stranger.get(path).status_code for path in theirs}

    assert ((303, "/enter"), {404}) == ((first.status_code, first.headers["location"]), statuses)


def test_what_is_confirmed_for_one_centre_is_nobody_elses(shared: Portal) -> None:
    with shared.visitor(shared.token("longde")) as longde:
        assert [404, 404] == [longde.get(path).status_code for path in (path_of("guyuan"), path_of("longde"))]


@pytest.mark.parametrize("path", ["/enter", "/nothing", "/static/portal.css", "/", "/api/bundle"])
def test_every_answer_carries_the_same_precautions(shared: Portal, path: str) -> None:
    with shared.visitor() as stranger:
        headers = stranger.get(path).headers
    lasting = {"Cache-Control"} if path.startswith("/static") else set()
    assert {name: HEADERS[name] for name in HEADERS.keys() - lasting} == {
        name: headers.get(name) for name in HEADERS.keys() - lasting
    }


def test_no_page_has_script_or_style_within(shared: Portal) -> None:
    pages = {"": ["/enter"], shared.token("guyuan"): ["/centre", "/centre/address"], shared.token(): OF_THE_OFFICE}
    for token, paths in pages.items():
        with shared.visitor(token) as client:
            for path in paths:
                text = client.get(path).text
                assert [] == re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", text), path


# ---- Signing in and out


def test_opening_the_link_uses_nothing_up_and_the_token_is_in_no_log(shared: Portal) -> None:
    token = shared.token("guyuan")
    for _ in range(3):
        with shared.visitor(token) as client:
            assert "固原学院" in client.get("/centre").text
    texts = [path.read_bytes() for path in shared.place.folder.rglob("*") if path.is_file()]

    assert not any(token.encode() in text for text in texts)


def test_the_seat_is_a_cookie_that_no_script_and_no_other_site_gets(shared: Portal) -> None:
    with shared.visitor() as client:
        said = sign_in(client, shared.token("guyuan")).headers.get_list("set-cookie")
    (seat,) = [one for one in said if one.startswith("gradphoto-seat=")]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(seat.split("; "))


def test_behind_https_the_cookies_are_secure_and_bound_to_the_host(night: Path, tmp_path: Path) -> None:
    with (
        opened_portal(copied(night, tmp_path / "ws"), url="https://photos.example") as portal,
        portal.visitor() as client,
    ):
        (form,) = client.get("/enter").headers.get_list("set-cookie")
    assert form.startswith("__Host-gradphoto-form=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(form.split("; "))
    assert "Domain" not in form


@pytest.mark.parametrize("pasted", ["{}", " {} ", "https://photos.example/enter#{}"])
def test_a_whole_link_can_be_pasted_too(shared: Portal, pasted: str) -> None:
    with shared.visitor() as client:
        assert 303 == sign_in(client, pasted.format(shared.token("guyuan"))).status_code


def test_unknown_expired_and_revoked_get_the_same_answer(portal: Portal) -> None:
    expired, revoked = portal.token("guyuan", days=1), portal.token("guyuan")
    revoke_invites(portal.store, [2], portal.clock())
    portal.clock.later(days=1)
    answers = []
    for token in (expired, revoked, "x" * 32, "", "x" * 300):
        with portal.visitor() as client:
            answer = sign_in(client, token)
            answers.append((answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)))

    assert 1 == len(set(answers))
    assert 403 == answers[0][0]
    assert "无效、已过期或已撤销" in answers[0][1]


def test_revoking_ends_what_was_begun_with_the_link(portal: Portal) -> None:
    with portal.visitor(portal.token("guyuan")) as client:
        assert 200 == client.get("/centre").status_code
        revoke_invites(portal.store, [1], portal.clock())
        assert 404 == client.get("/centre").status_code


def test_a_seat_that_was_left_is_worth_nothing_also_to_whoever_kept_the_cookie(portal: Portal) -> None:
    with portal.visitor(portal.token("guyuan")) as client:
        kept = dict(client.cookies)
        out = post(client, "/centre", "/leave")
        assert (303, "/enter") == (out.status_code, out.headers["location"])
        assert "gradphoto-seat" not in client.cookies
    with Client(base_url=portal.url, cookies=kept) as thief:
        assert 404 == thief.get("/centre").status_code
    with opened_portal(portal.place.folder) as again, Client(base_url=again.url, cookies=kept) as thief:
        assert 404 == thief.get("/centre").status_code


def test_a_restart_leaves_everybody_in_their_seat(portal: Portal) -> None:
    with portal.visitor(portal.token("guyuan")) as client:
        kept = dict(client.cookies)
    with opened_portal(portal.place.folder) as again, Client(base_url=again.url, cookies=kept) as same:
        assert 200 == same.get("/centre").status_code


def test_a_seat_is_over_after_the_hours_of_the_settings(portal: Portal) -> None:
    with portal.visitor(portal.token("guyuan")) as client:
        portal.clock.later(hours=12)
        assert 404 == client.get("/centre").status_code


def test_guessing_is_slowed_down_by_page_and_by_program_alike(portal: Portal) -> None:
    with portal.visitor() as client:
        wrong = [sign_in(client, "wrong").status_code for _ in range(EACH.burst // 2)]
        wrong += [
            client.get("/api/bundle", headers={"Authorization": "Bearer wrong"}).status_code
            for _ in range(EACH.burst // 2)
        ]
        late = sign_in(client, portal.token("guyuan"))
        program = client.get("/api/bundle", headers={"Authorization": f"Bearer {portal.token('guyuan')}"})
        assert ({403, 401}, [429, 429]) == (set(wrong), [late.status_code, program.status_code])
        portal.clock.later(seconds=int(late.headers["retry-after"]))
        assert 303 == sign_in(client, portal.token("guyuan")).status_code


# ---- Forms


def test_a_form_without_its_word_or_with_anothers_does_nothing(portal: Portal) -> None:
    with portal.visitor(portal.token("guyuan")) as mine, portal.visitor(portal.token("guyuan")) as other:
        foreign = form_of(other.get("/centre/address"))
        answers = [
            mine.post("/centre/address", data={**ADDRESS, **word})
            for word in ({}, {"form": "x"}, {"form": foreign})
        ]
    assert [403, 403, 403] == [answer.status_code for answer in answers]
    assert [] == list(portal.store.keys("addresses"))


def test_a_sign_in_form_must_come_from_the_browser_that_it_went_to(portal: Portal) -> None:
    with portal.visitor() as attacker, portal.visitor() as victim:
        form = form_of(attacker.get("/enter"))
        answer = victim.post("/enter", data={"token": portal.token("guyuan"), "form": form})
    assert (403, False) == (answer.status_code, "gradphoto-seat" in answer.cookies)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://attacker.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_strangers_page_can_post_nothing(shared: Portal, headers: dict[str, str]) -> None:
    with shared.visitor(shared.token()) as client:
        form = form_of(client.get("/office/invites"))
        before = len(Invites(shared.store).standing(shared.clock()))
        answer = client.post("/office/invites", data={"form": form}, headers=headers)
        decided = client.post("/office/pages/api/students", json={"words": "a"}, headers=headers)
    assert [403, 403] == [answer.status_code, decided.status_code]
    assert before == len(Invites(shared.store).standing(shared.clock()))


def test_decisions_must_say_whose_page_they_come_from(shared: Portal) -> None:
    with shared.visitor(shared.token()) as client:
        silent = client.post("/office/pages/api/students", json={"words": "a"})
        ours = client.post("/office/pages/api/students", json={"words": "a"}, headers={"Origin": shared.url})
    assert [403, 200] == [silent.status_code, ours.status_code]


def test_a_post_of_megabytes_is_not_read(shared: Portal) -> None:
    with shared.visitor(shared.token("guyuan")) as client:
        answer = post(client, "/centre/address", note="x" * 100_000)
    assert 413 == answer.status_code


# ---- A centre


def test_a_centre_sees_its_own_students_and_nobody_elses(shared: Portal) -> None:
    with shared.visitor(shared.token("guyuan")) as client:
        pages = "".join(client.get(path).text for path in ("/centre", "/centre/students", "/centre/again"))
    assert {ANNA.student_no, CARL.student_no} <= set(re.findall(r"\d{13}", pages))
    assert not {DORA.student_no, EMIL.student_no, DORA.name} & set(re.findall(r"\d{13}|" + DORA.name, pages))


def test_it_reads_who_comes_again_why_when_and_where(shared: Portal) -> None:
    with shared.visitor(shared.token("guyuan")) as client:
        text = client.get("/centre/again").text
    assert [CARL.student_no] == re.findall(r"\d{13}", text)
    for words in (CARL.name, "未采集", "没有该学生的照片", "7月16日"):
        assert words in text


def test_its_students_can_be_narrowed_to_one_state(shared: Portal) -> None:
    with shared.visitor(shared.token("guyuan")) as client:
        text = client.get("/centre/students", params={"state": "missing"}).text
    assert [CARL.student_no] == re.findall(r"\d{13}", text)


def test_its_address_is_on_record_as_it_was_said_and_by_whom(portal: Portal) -> None:
    with portal.visitor(portal.token("guyuan")) as client:
        seen = re.search(r'name="seen" value="(\w*)"', client.get("/centre/address").text)
        assert seen
        answer = post(client, "/centre/address", **ADDRESS, seen=seen[1])
        assert (303, "/centre/address?saved=1") == (answer.status_code, answer.headers["location"])
        again = post(client, "/centre/address", **ADDRESS, seen=seen[1])
    place = Workspace(portal.place.folder)
    known = addresses_now(place.store, place.season.inputs)["guyuan"]

    assert 409 == again.status_code
    assert ("portal", "1", "马示例", ADDRESS["address"]) == (
        known.way,
        known.who,
        known.signature,
        known.address.address,
    )
    assert not may_download(place.store, place.season.inputs, "guyuan")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("phone", "123"), ("address", "某处"), ("signature", ""), ("electronic", ""), ("contact", "<b>")],
)
def test_a_field_that_cannot_be_used_is_named_and_the_rest_is_kept(shared: Portal, field: str, typed: str) -> None:
    before = list(shared.store.keys("addresses"))
    with shared.visitor(shared.token("xiji")) as client:
        answer = post(client, "/centre/address", **{**ADDRESS, field: typed})
    assert 422 == answer.status_code
    assert f'id="{field}-fault"' in answer.text
    assert ADDRESS["contact" if field == "address" else "address"] in answer.text
    assert "<b>" not in answer.text
    assert before == list(shared.store.keys("addresses"))


@pytest.mark.parametrize(
    ("asked", "confirmed", "words"),
    [(False, False, "以冲印件寄送"), (True, False, "等采集中心确认"), (True, True, "下载照片包（第 1 版")],
)
def test_it_reads_how_its_photos_come(portal: Portal, asked: bool, confirmed: bool, words: str) -> None:
    if asked:
        wants_files(portal.store, "guyuan", confirmed)
    with portal.visitor(portal.token("guyuan")) as client:
        text, bundle = client.get("/centre").text, client.get(path_of("guyuan"))
    assert words in text
    assert (200 if confirmed else 404) == bundle.status_code


def test_its_bundle_is_on_record_before_it_leaves_and_once_however_many_pieces(
    portal: Portal, tmp_path: Path
) -> None:
    wants_files(portal.store, "guyuan")
    packed = newest(portal.store, "guyuan")
    assert packed
    with portal.visitor(portal.token("guyuan")) as client:
        assert ([], 200) == (downloads(portal.store), client.head(path_of("guyuan")).status_code)
        assert [] == downloads(portal.store)
        pieces = [
            client.get(path_of("guyuan"), headers={"Range": part}).content
            for part in ("bytes=0-999", "bytes=1000-")
        ]
        whole = client.get(path_of("guyuan"))
    (tmp_path / "guyuan-v0001.zip").write_bytes(whole.content)

    assert [("guyuan", 1)] == [(one.centre, one.version) for one in downloads(portal.store)]
    assert (
        packed.sha256 == hashlib.sha256(whole.content).hexdigest() == hashlib.sha256(b"".join(pieces)).hexdigest()
    )
    assert [] == verify(tmp_path / "guyuan-v0001.zip")


def test_a_recalled_version_cannot_be_fetched_by_anybody(portal: Portal) -> None:
    wants_files(portal.store, "guyuan")
    with portal.visitor(portal.token("guyuan")) as client, portal.visitor(portal.token()) as operator:
        assert 200 == client.get(path_of("guyuan")).status_code
        season = Workspace(portal.place.folder).season
        take_decision(
            portal.store,
            "操作员",
            "",
            after=0,
            **recalling(portal.store, season, ANNA.student_no, "不是本人").what,
        )
        answers = [one.get(path_of("guyuan")) for one in (client, operator)]
        page = client.get("/centre").text
    assert [409, 409] == [one.status_code for one in answers]
    assert [False, False] == [b"PK" in one.content[:4] for one in answers]
    assert "已停止下载" in page


# ---- A program


def test_a_program_with_the_token_fetches_and_does_nothing_else(shared: Portal) -> None:
    with shared.visitor(Authorization=f"Bearer {shared.token('guyuan')}") as program:
        said = program.get("/api/bundle").json()
        got = program.get(said["path"]).content
        others = [program.get(path).status_code for path in ("/", "/centre", "/office", path_of("longde"))]
    assert (said["sha256"], said["bytes"]) == (hashlib.sha256(got).hexdigest(), len(got))
    assert {"centre", "version", "sha256", "bytes", "path"} == said.keys()
    assert [404] * 4 == others


@pytest.mark.parametrize(("centre", "status"), [("longde", 403), ("yanchi", 403)])
def test_a_program_reads_why_there_is_nothing_to_fetch(shared: Portal, centre: str, status: int) -> None:
    with shared.visitor(Authorization=f"Bearer {shared.token(centre)}") as program:
        answer = program.get("/api/bundle")
    assert (status, True) == (answer.status_code, "电子数据" in answer.json()["problem"])


def test_the_operators_program_names_the_centre(shared: Portal) -> None:
    with shared.visitor(Authorization=f"Bearer {shared.token()}") as program:
        answers = [
            program.get("/api/bundle", params={"centre": one}).status_code
            for one in ("guyuan", "yanchi", "nowhere")
        ]
    assert [200, 409, 404] == answers


# ---- The operator


def test_a_failed_centre_is_asked_for_once_and_a_healthy_one_not_at_all(portal: Portal) -> None:
    with portal.visitor(portal.token()) as client:
        for _ in range(2):
            if "请求重做" in client.get("/office/centres/longde").text:
                post(client, "/office/centres/longde", "/office/centres/longde/rerun")
        page = client.get("/office/centres/longde").text
        healthy = post(client, "/office/centres/guyuan", "/office/centres/guyuan/rerun")
    assert [("longde", "1", "waiting")] == [
        (one.request.centre, one.request.who, one.state) for one in requests(portal.store)
    ]
    assert "等待处理" in page
    assert "gradphoto rerun longde" in page
    assert (422, True) == (healthy.status_code, "没有失败" in healthy.text)


def test_the_operator_confirms_electronic_data_and_takes_it_back(portal: Portal) -> None:
    wants_files(portal.store, "guyuan", confirmed=False)
    inputs, page = Workspace(portal.place.folder).season.inputs, "/office/centres/guyuan"
    with portal.visitor(portal.token()) as client:
        found = [may_download(portal.store, inputs, "guyuan")]
        for word in ("yes", "no"):
            assert 303 == post(client, page, f"{page}/electronic", yes=word).status_code
            found.append(may_download(portal.store, inputs, "guyuan"))
        refused = post(client, "/office/centres/xiji", "/office/centres/xiji/electronic", yes="yes")
    assert [False, True, False] == found
    assert (422, True) == (refused.status_code, "没有要电子数据" in refused.text)


def test_a_link_made_on_a_page_is_shown_once_and_lets_in(portal: Portal) -> None:
    with portal.visitor(portal.token()) as client:
        page = post(client, "/office/centres/guyuan", "/office/centres/guyuan/invite")
        link = re.search(r'id="link">([^<]+)<', page.text)
        assert link
        assert link[1] not in client.get("/office/centres/guyuan").text
        post(client, "/office/centres/guyuan", "/office/invites/1/revoke")
        assert 404 == client.get("/office").status_code
    assert link[1].startswith(f"{portal.url}/enter#")
    with portal.visitor(link[1].partition("#")[2]) as centre:
        assert "固原学院" in centre.get("/centre").text


def test_the_operator_reads_runs_and_their_reports(shared: Portal) -> None:
    with shared.visitor(shared.token()) as client:
        pages = {
            path: client.get(path).text
            for path in ("/office", "/office/sessions", "/office/runs", "/office/runs/1")
        }
    assert "隆德学习中心</a> 处理失败" in pages["/office"]
    assert "2023-07-03-guyuan" in pages["/office/sessions"]
    assert "1 个失败" in pages["/office/runs"]
    assert "# 第 1 次运行" in pages["/office/runs/1"]


def test_review_and_gallery_are_part_of_it(shared: Portal) -> None:
    with shared.visitor(shared.token()) as client:
        found = [
            client.get(f"/office/pages{path}") for path in ("/", "/api/pending", "/gallery", "/gallery/guyuan")
        ]
        script = client.get("/office/pages/static/review.js")
    assert [200] * 5 == [one.status_code for one in (*found, script)]


# ---- The access log


def test_every_access_leaves_a_line_with_who_and_without_what_they_sent(portal: Portal) -> None:
    wants_files(portal.store, "guyuan")
    token = portal.token("guyuan")
    with portal.visitor(token) as client:
        client.get(path_of("guyuan"))
        client.get(path_of("longde"))
        client.get(f"/{token}/{ANNA.student_no}")
    found = [
        (one.get("who", ""), one["method"], one["route"], one["status"], one.get("what", ""))
        for one in portal.lines
    ]

    assert [
        ("", "GET", "/enter", 200, ""),
        ("1", "POST", "/enter", 303, ""),
        ("1", "GET", "/bundles/{centre}/{version}", 200, "guyuan/1"),
        ("1", "GET", "/bundles/{centre}/{version}", 404, ""),
        ("1", "GET", "-", 404, ""),
    ] == found


def test_an_access_that_cannot_be_written_down_is_not_answered(portal: Portal) -> None:
    wants_files(portal.store, "guyuan")
    with portal.visitor(portal.token("guyuan")) as client:
        log = portal.place.folder / "portal-access.jsonl"
        log.unlink()
        log.mkdir()
        answer = client.get(path_of("guyuan"))
    assert (503, False) == (answer.status_code, answer.content.startswith(b"PK"))


# ---- The commands


def command(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    app(["portal", *words, "--json", "--workspace", str(folder)], standalone_mode=False)
    return json.loads(capsys.readouterr().out)


def test_links_are_made_listed_and_revoked_by_command(portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    folder = portal.place.folder
    made = command(folder, capsys, "invite", "guyuan", "--days", "3")
    command(folder, capsys, "invite", "--operator")
    token = made["link"].partition("#")[2]
    portal.clock.at = Invites(portal.store).standing(Clock().at)[0].invite.made
    with portal.visitor(token) as client:
        assert {"revoked": [1]} == command(folder, capsys, "revoke", "guyuan")
        assert 404 == client.get("/centre").status_code
    listed = command(folder, capsys, "invites")["invites"]

    assert [(1, "guyuan", "revoked"), (2, None, "valid")] == [
        (one["invite"], one["centre"], one["state"]) for one in listed
    ]
    assert token not in json.dumps(listed)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("invite",), "请写明给谁"),
        (("invite", "x", "--operator"), "请写明给谁"),
        (("invite", "x"), "没有中心"),
        (("revoke", "9"), "没有编号"),
    ],
)
def test_a_wrong_word_is_one_line(night: Path, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput, match=said) as trouble:
        app(["portal", *words, "--workspace", str(night)], standalone_mode=False)
    assert 1 == len(str(trouble.value).splitlines())
