"""`download` from a portal, on a centre's own machine: cuts, strangers, recalls, disks, and what is never done."""

import datetime
import ipaddress
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.main import app
from config.bad_input import BadInput
from gradphoto.adapters import fetch_bundle as fetching
from gradphoto.adapters.fetch_bundle import Patience
from gradphoto.adapters.portal_client import Portal
from gradphoto.portal_offer import AddressTrouble, Offer, PortalAddress, portal_address
from gradphoto.stages.fetch import ask, fetch_bundle, part_of
from tests.faults import no_file_beyond
from tests.odd_portal import TOKEN, OddPortal, odd_portal
from tests.small_night import program
from tests.some_bundle import bag_bytes, some_contents

AT_ONCE = Patience(tries=4, first=0.0, most=0.0)
NAME = "guyuan-v0003.zip"


@cache
def bundle(version: int = 3) -> bytes:
    """A real bundle of a few photos."""
    return bag_bytes(some_contents(version, centre="guyuan"))


def fetched(portal: OddPortal, to: Path, said: list[str] | None = None) -> Path:
    """What the command does once it has an address and a token, without its pauses."""
    say = [].append if said is None else said.append
    with Portal(PortalAddress(portal.url, ""), TOKEN) as client:
        offer = ask(client, say, AT_ONCE)
        return fetch_bundle(client, offer, to, lambda _: None, say, AT_ONCE)


def refused(portal: OddPortal, to: Path) -> str:
    """The one line by which it is refused; no token is in it."""
    with pytest.raises(BadInput) as trouble:
        fetched(portal, to)
    (line,) = str(trouble.value).splitlines()
    assert TOKEN not in line
    return line


def command(*words: str) -> None:
    """The command, in this process."""
    app(["download", *words], standalone_mode=False)


def part(portal: OddPortal, to: Path) -> Path:
    """The file of what came in so far."""
    return part_of(Offer.model_validate(portal.offer()), to)


def begun(portal: OddPortal, to: Path, data: bytes) -> Path:
    """The same with these bytes in it, as an earlier try left it."""
    to.mkdir(exist_ok=True)
    part(portal, to).write_bytes(data)
    return part(portal, to)


# It comes whole


def test_a_link_is_all_that_a_centre_needs(tmp_path: Path) -> None:
    with odd_portal(bundle()) as portal:
        done = program("download", f"{portal.url}/enter#{TOKEN}", "--to", tmp_path / "照片")
    assert (0, f"{tmp_path}/照片/{NAME}（第 3 版，已校验）\n", "") == (done.returncode, done.stdout, done.stderr)
    assert bundle() == (tmp_path / "照片" / NAME).read_bytes()
    assert [NAME] == [path.name for path in (tmp_path / "照片").iterdir()]


def test_the_token_can_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRADPHOTO_TOKEN", TOKEN)
    with odd_portal(bundle()) as portal:
        command(portal.url, "--to", str(tmp_path), "--json")
        first = capsys.readouterr().out
        command(portal.url, "--to", str(tmp_path), "--json")
        assert 1 == len(portal.ranges())  # what is there is not fetched again
    assert first == capsys.readouterr().out
    assert f'"path": "{tmp_path / NAME}"' in first


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, len(bundle()) - 1), max_size=8))
def test_however_often_it_is_cut_it_comes_whole_and_no_byte_twice(
    tmp_path_factory: pytest.TempPathFactory, cuts: Sequence[int]
) -> None:
    to = tmp_path_factory.mktemp("to")
    with odd_portal(bundle(), *(f"cut {size}" for size in cuts)) as portal:
        path = fetched(portal, to)
        starts = [int((one or "bytes=0-")[6:-1]) for one in portal.ranges()]
    assert bundle() == path.read_bytes()
    assert [0, *cuts][: len(starts)] == [
        after - before for before, after in zip([0, *starts], starts, strict=False)
    ]


def test_a_download_goes_on_where_an_earlier_one_ended_and_only_with_the_same_bytes(tmp_path: Path) -> None:
    with odd_portal(bundle()) as portal:
        begun(portal, tmp_path, bundle()[:1000])
        path = fetched(portal, tmp_path)
        (_, headers) = portal.asked[-1]
    assert ("bytes=1000-", portal.offer()["sha256"]) == (headers["range"], headers["if-range"].strip('"'))
    assert ([path], bundle()) == (list(tmp_path.iterdir()), path.read_bytes())


@pytest.mark.parametrize(
    ("before", "oddities"),
    [
        (bytes(1000), []),
        (bytes(len(bundle())), []),
        (bytes(len(bundle()) + 1), []),
        (bundle()[:1000], ["whole"]),
        (bundle()[:1000], ["spoiled"]),
        (bundle()[:1000], ["status 416"]),
        (bundle()[:1000], ["shifted"]),
        (b"", ["more"]),
        (b"", ["status 503", "status 429", "cut 0"]),
    ],
)  # fmt: skip
def test_what_was_wrong_or_odd_on_the_way_ends_in_the_right_bytes(
    tmp_path: Path, before: bytes, oddities: list[str]
) -> None:
    with odd_portal(bundle(), *oddities) as portal:
        begun(portal, tmp_path, before)
        assert bundle() == fetched(portal, tmp_path).read_bytes()
    assert [NAME] == [path.name for path in tmp_path.iterdir()]


def test_a_bundle_that_is_whole_already_is_only_verified_and_named(tmp_path: Path) -> None:
    with odd_portal(bundle()) as portal:
        begun(portal, tmp_path, bundle())
        assert bundle() == fetched(portal, tmp_path).read_bytes()
        assert [] == portal.ranges()


def test_the_bytes_may_be_elsewhere_and_the_token_does_not_go_there(tmp_path: Path) -> None:
    with odd_portal(bundle()) as other, odd_portal(bundle(), f"to {other.url}/s3?X-Amz-Expires=60") as portal:
        begun(portal, tmp_path, bundle()[:1000])
        assert bundle() == fetched(portal, tmp_path).read_bytes()
        ((path, headers),) = other.asked
    assert ("/s3?X-Amz-Expires=60", "bytes=1000-") == (path, headers["range"])
    assert [None, None] == [headers[name] for name in ("authorization", "if-range")]


def test_a_link_that_ran_out_meanwhile_is_asked_for_anew(tmp_path: Path) -> None:
    with odd_portal(bundle(), "status 403") as other, odd_portal(bundle(), f"to {other.url}/a", "") as portal:
        assert bundle() == fetched(portal, tmp_path).read_bytes()


# It is refused


def test_a_wrong_token_is_one_line_with_what_to_do(tmp_path: Path) -> None:
    with odd_portal(bundle()) as portal, pytest.raises(BadInput, match="令牌无效、已过期或已撤销"):
        command(portal.url, "--token", "wrong", "--to", str(tmp_path / "to"))
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((403, {"problem": "没有申请电子数据"}), "不能下载：没有申请电子数据"),
        ((409, {"problem": "还没有照片包"}), "现在没有可下载的照片包：还没有照片包"),
        ((404, b"<html>"), "不是 gradphoto 门户"),
        ((200, b"<html>hello</html>"), "不是 gradphoto 门户"),
        ((200, b"[]"), "不是 gradphoto 门户"),
        ((200, b"\xff" * 100), "不是 gradphoto 门户"),
        ((200, b" " * 100_000 + b"{}"), "不是 gradphoto 门户"),
        ((301, b""), "不是 gradphoto 门户"),
    ],
)  # fmt: skip
def test_what_is_answered_instead_of_an_offer_is_one_line(
    tmp_path: Path, answer: tuple[int, bytes], says: str
) -> None:
    with odd_portal(bundle()) as portal:
        portal.offers = [answer]
        assert says in refused(portal, tmp_path / "to")
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(
    "other",
    [
        {"centre": "../guyuan"}, {"centre": "a/b"}, {"centre": ""}, {"version": 0}, {"version": "3"}, {"bytes": 0},
        {"bytes": -1}, {"bytes": 1 << 60}, {"sha256": "0" * 63}, {"sha256": "../" * 21 + "x"},
        {"path": "//evil.example/x"},
        {"path": "https://evil.example/x"}, {"path": "@evil.example/x"}, {"path": "/a b"}, {"path": None},
    ],
)  # fmt: skip
def test_an_offer_that_is_none_of_ours_is_not_believed(tmp_path: Path, other: dict[str, object]) -> None:
    with odd_portal(bundle()) as portal:
        portal.offers = [(200, portal.offer(**other))]
        assert "不是 gradphoto 门户" in refused(portal, tmp_path / "to")
        assert 1 == len(portal.asked)
    assert not (tmp_path / "to").exists()


def test_a_version_that_is_recalled_meanwhile_is_not_kept_in_part(tmp_path: Path) -> None:
    with odd_portal(bundle(), "status 409") as portal:
        begun(portal, tmp_path, bundle()[:1000])
        offer = portal.offer()
        portal.offers = [(200, offer), (409, {"problem": "含已召回的照片"})]
        assert "现在没有可下载的照片包：含已召回的照片" == refused(portal, tmp_path)
        assert [] == list(tmp_path.iterdir())
        portal.oddities = ["cut 500", "status 409"]
        portal.offers = [(200, offer), (200, {**offer, "version": 4, "path": "/bundles/guyuan/4"})]
        assert f"{NAME} 已停止下载，已下载的部分已删除：请再运行一次，下载第 4 版" == refused(portal, tmp_path)
        assert [] == list(tmp_path.iterdir())


def test_a_token_that_is_revoked_meanwhile_is_said_and_what_came_in_stays(tmp_path: Path) -> None:
    with odd_portal(bundle(), "cut 1000", "status 401") as portal:
        assert "令牌无效、已过期或已撤销" in refused(portal, tmp_path)
        assert bundle()[:1000] == part(portal, tmp_path).read_bytes()


def test_a_portal_that_is_gone_is_waited_for_and_what_came_in_stays(tmp_path: Path) -> None:
    with odd_portal(bundle(), "cut 1000", *["status 503"] * 9) as portal:
        said: list[str] = []
        with pytest.raises(BadInput, match=r"门户出错，试了 4 次。已下载的部分保留着"):
            fetched(portal, tmp_path, said)
        assert 1 + 3 == len(portal.ranges())
        assert ["连接中断", "门户出错", "门户出错"] == [line.partition("，")[0] for line in said]
        assert bundle()[:1000] == part(portal, tmp_path).read_bytes()


def test_an_address_where_nobody_answers_is_given_up_soon(tmp_path: Path) -> None:
    with odd_portal(bundle()) as portal:
        pass
    assert f"{portal.url}：连不上" in refused(portal, tmp_path)


def test_pauses_grow_to_a_bound_and_do_what_the_portal_asks() -> None:
    patience = Patience()
    pauses = [patience.pause(failed, 0) for failed in range(1, 50)]
    assert all(0.75 * min(2.0**number, 30) <= pause <= 30 for number, pause in enumerate(pauses))
    assert 12 == patience.pause(1, 12)
    assert 30 == patience.pause(1, 9999)


def test_bytes_that_are_not_the_bundle_get_no_name(tmp_path: Path) -> None:
    with odd_portal(bundle(), "spoiled") as portal:
        assert "校验值不符" in refused(portal, tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_bag_that_is_not_whole_gets_no_name_and_is_not_fetched_again(tmp_path: Path) -> None:
    with odd_portal(bundle()[:-1]) as portal:
        for _ in range(2):
            assert "核验未通过，共 1 处" in refused(portal, tmp_path)
        assert [None] == portal.ranges()
        assert [part(portal, tmp_path)] == list(tmp_path.iterdir())


# The folder


def test_another_file_of_that_name_is_left_alone_and_nothing_is_fetched(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"mine")
    with odd_portal(bundle()) as portal:
        with pytest.raises(BadInput, match="已有同名但内容不同的文件"):
            command(f"{portal.url}/#{TOKEN}", "--to", str(tmp_path))
        assert [] == portal.ranges()
        assert "已有同名但内容不同的文件" in refused(portal, tmp_path)  # it came while this was under way
    assert b"mine" == (tmp_path / NAME).read_bytes()


def test_a_link_in_the_place_of_the_part_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    with odd_portal(bundle()) as portal:
        part(portal, tmp_path / "to").symlink_to(tmp_path / "other")
        assert "无法写入（是符号链接）" in refused(portal, tmp_path / "to")
    assert not (tmp_path / "other").exists()


def test_a_disk_that_fills_is_one_line_and_what_came_in_is_gone_on_with(tmp_path: Path) -> None:
    with odd_portal(bundle()) as portal:
        with no_file_beyond(20_000):
            assert f"{tmp_path / NAME}：无法写入（文件超出允许的大小）。已下载的部分保留着" in refused(
                portal, tmp_path
            )
        kept = part(portal, tmp_path).stat().st_size
        assert bundle() == fetched(portal, tmp_path).read_bytes()
        assert [None, f"bytes={kept}-"] == portal.ranges()
    assert 0 < kept <= 20_000


def test_a_disk_without_room_is_said_before_a_byte_is_fetched(tmp_path: Path) -> None:
    with odd_portal(bundle()) as portal:
        portal.offers = [(200, portal.offer(bytes=1 << 49))]
        with pytest.raises(BadInput, match="目标文件夹"):
            command(f"{portal.url}/#{TOKEN}", "--to", str(tmp_path))
        assert [] == portal.ranges()


def test_two_at_once_do_not_write_into_one_file(tmp_path: Path) -> None:
    with odd_portal(bundle()) as portal, Portal(PortalAddress(portal.url, ""), TOKEN) as client:
        offer = ask(client, print, AT_ONCE)
        with fetching._growing(part_of(offer, tmp_path), offer.bytes):
            assert "另一个程序正在下载" in refused(portal, tmp_path)


def test_pieces_of_older_versions_go_when_a_newer_one_is_there(tmp_path: Path) -> None:
    old, other = tmp_path / f"guyuan-v0002.zip.{'0' * 12}.part", tmp_path / f"guyuan-x-v0002.zip.{'0' * 12}.part"
    old.write_bytes(b"x")
    other.write_bytes(b"x")
    with odd_portal(bundle()) as portal:
        fetched(portal, tmp_path)
    assert [NAME, other.name] == sorted(path.name for path in tmp_path.iterdir())


# TLS, addresses, tokens


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of this machine that nobody signed but itself, with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - day).not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_that_nobody_vouches_for_is_one_line_and_no_token_is_sent(
    tmp_path: Path, certificate: Path
) -> None:
    with odd_portal(bundle(), certificate=certificate) as portal:
        assert f"{portal.url}：证书无法验证" in refused(portal, tmp_path)
        assert [] == portal.asked


def test_a_certificate_of_ones_own_can_be_named(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with odd_portal(bundle(), certificate=certificate) as portal:
        assert bundle() == fetched(portal, tmp_path).read_bytes()


def test_https_where_there_is_none_is_one_line(tmp_path: Path) -> None:
    with odd_portal(bundle()) as portal:
        portal.url = portal.url.replace("http:", "https:")
        assert "不能建立加密连接，请检查地址是 https 还是 http" in refused(portal, tmp_path)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://photos.example/enter#a_B-9", ("https://photos.example", "a_B-9")),
        (" HTTPS://Photos.example:8443/centre/again?x=1 ", ("https://photos.example:8443", "")),
        ("http://[::1]:8321/#abc", ("http://[::1]:8321", "abc")),
        ("http://10.0.0.7", ("http://10.0.0.7", "")),
    ],
)
def test_an_address_is_taken_as_people_have_it(text: str, address: tuple[str, str]) -> None:
    assert address == portal_address(text)


@pytest.mark.parametrize(
    "text",
    ["https:///", "ftp://x/", "https://a:b@photos.example/", "https://x:99999/", "https://[::1", "http:///enter#a",
     "https://photos.example/#a b", "https://pho tos.example/", "https://照片.example/", f"http://x/#{'a' * 101}"],
)  # fmt: skip
def test_any_other_address_is_refused_in_one_line_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(AddressTrouble) as refused:
        portal_address(text)
    assert text not in str(refused.value)
    assert 1 == len(str(refused.value).splitlines())


@pytest.mark.parametrize("token", ["", "  ", "令牌", "a\nb"])
def test_a_token_that_cannot_be_one_is_refused_before_anybody_is_asked(token: str, tmp_path: Path) -> None:
    with odd_portal(bundle()) as portal:
        with pytest.raises(BadInput, match="令牌"):
            command(portal.url, "--token", token, "--to", str(tmp_path))
        assert [] == portal.asked


@pytest.mark.parametrize("more", [["--version", "1"], ["--encrypt"]])
def test_what_only_a_workspace_can_do_is_refused(more: list[str]) -> None:
    with pytest.raises(BadInput, match="只用于工作区"):
        command("https://photos.example/#abc", *more)


def test_only_an_address_that_can_be_listened_to_is_warned_of() -> None:
    assert [False, False, False, True] == [
        portal_address(text).is_open
        for text in ("https://photos.example", "http://localhost:8321", "http://[::1]", "http://10.0.0.7")
    ]
