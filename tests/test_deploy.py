"""What is shipped for running it for good: units that systemd takes, and a compose file without surprises."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
EXAMPLES = sorted(DEPLOY.glob("*.env.example"))

# Of the compose specification, what we use; a slip of the pen is none of these.
_SERVICE_KEYS = {
    *("image", "build", "restart", "init", "environment", "depends_on", "command", "volumes", "ports", "profiles"),
    *("healthcheck", "deploy", "stop_grace_period"),
}
_HEALTH_KEYS = {"test", "interval", "timeout", "start_period", "retries"}
_SECRET = re.compile(r"PASSWORD|SECRET|ACCESS_KEY")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_every_unit_and_its_program_is_installed(unit: Path, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    text = unit.read_text("utf-8").replace("/opt/gradphoto/.venv/bin", str(Path(sys.executable).parent))
    (tmp_path / unit.name).write_text(text, "utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / unit.name)], capture_output=True, text=True, check=False
    )
    assert (0, "") == (verified.returncode, "".join(one for one in [verified.stderr] if unit.name in one))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_writes_for_its_user_alone_and_is_started_again(unit: Path) -> None:
    lines = set(unit.read_text("utf-8").splitlines())
    assert {"User=gradphoto", "UMask=0077", "Restart=always", "NoNewPrivileges=yes"} <= lines


def test_every_service_has_keys_of_compose_a_pinned_image_and_a_healthcheck() -> None:
    for name, service in SERVICES.items():
        assert set() == set(service) - _SERVICE_KEYS, name
        assert re.fullmatch(r"[a-z0-9/.-]+:[0-9][A-Za-z0-9.-]*", service["image"]), name
        assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"]) <= _HEALTH_KEYS, name


def test_what_is_mounted_and_waited_for_is_there() -> None:
    for name, service in SERVICES.items():
        mounted = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert set() == mounted - set(COMPOSE["volumes"]), name
        for other, how in service.get("depends_on", {}).items():
            assert (name, "service_healthy") == (name, how["condition"])
            assert "profiles" not in SERVICES[other], name


def test_only_what_needs_the_workspace_has_it() -> None:
    with_it = {name for name, one in SERVICES.items() if "workspace:/srv/gradphoto" in one.get("volumes", ())}
    assert {"serve", "watch", "worker"} == with_it


def test_nothing_listens_outside_the_host() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert [] == [port for port in ports if not port.startswith("127.0.0.1:")]


def test_no_secret_is_shipped() -> None:
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            assert not _SECRET.search(key) or re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), key
    for example in EXAMPLES:
        said = dict(line.partition("=")[::2] for line in example.read_text("utf-8").splitlines() if "=" in line)
        assert [] == [key for key, value in said.items() if _SECRET.search(key) and value], example


def test_what_the_examples_set_of_ours_are_settings() -> None:
    names = {f"{PREFIX}{key.upper()}" for key in Settings.model_fields}
    text = "".join(example.read_text("utf-8") for example in EXAMPLES) + (DEPLOY / "compose.yaml").read_text(
        "utf-8"
    )
    assert set() == set(re.findall(rf"{PREFIX}[A-Z_]+", text)) - names


def test_every_unit_and_every_service_is_in_the_runbook() -> None:
    text = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    assert [] == [unit.stem for unit in UNITS if unit.stem not in text]
