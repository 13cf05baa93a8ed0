"""The office's settings: `gradphoto.toml` in the workspace, each also as `GRADPHOTO_<KEY>`, which wins.

What belongs to a campaign stands in the campaign, what a portrait must be in the specification, and how S3 is
reached in boto3's own environment and profiles. Keys that nobody knows are refused: a slip of the pen in `store`
must not fill another store.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

from config.bad_input import BadInput
from config.documents import DocumentTrouble, parse, read_text, syntax
from config.language import LANGUAGES, SETTINGS
from config.naming import bundle_template
from config.problems import Problem, problems
from config.settings_portal import PortalSettings
from config.unreadable import unreadable

FILE = SETTINGS
PREFIX = "GRADPHOTO_"
NO_SETTINGS = frozenset({"GRADPHOTO_WORKSPACE", "GRADPHOTO_TOKEN"})
"""Variables of ours that say something else."""


class SettingsError(BadInput):
    """Settings that cannot be used; its message is one line for the operator."""


def cores() -> int:
    """How many processor cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class Settings(PortalSettings):
    """One workspace's settings."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    campaign: str = Field(default="campaign.toml", min_length=1)
    """A file, relative to the workspace, or the id of a shipped campaign."""
    store: str = "file:store"
    """`file:<folder>`, relative to the workspace, or `s3://<bucket>/<prefix>`."""
    spec: str = Field(default="chsi-2017", min_length=1)
    """The id of a shipped specification, or a file, relative to the workspace."""
    artist: str = ""
    """Artist of a portrait's EXIF. Empty: none is written, for the notice names an office and no photographer."""
    copyright: str = ""
    """Copyright of a portrait's EXIF; empty: none is written."""
    operator: str = ""
    """Who decides when a command does not say."""
    photo_name: str = "{student_no}"
    """Name of a portrait in its bundle, a template of `config.naming`; `.jpg` may be left out."""
    workers: int = Field(default_factory=cores, ge=1, le=256)
    """Processes that read and render."""
    shard_size: int = Field(default=200, ge=1, le=10_000)
    """Captures a record and a task."""
    dask: str = ""
    """`tcp://<host>:<port>` of a Dask scheduler whose workers help; empty: this machine works alone."""
    schedule: str = "22:30"
    """When `serve` runs the night every evening, by the campaign's clock."""
    catch_up_minutes: int = Field(default=10, ge=1, le=1440)
    """How often `serve` looks for a closed session that nobody has begun with."""
    metrics_port: int = Field(default=0, ge=0, le=65535)
    """Port of this machine on which `serve` shows `/metrics`; 0: none."""
    quiet_seconds: int = Field(default=30, ge=1, le=3600)
    """How long nothing may change in a session's inbox before `watch` closes it."""
    language: str = ""
    """`zh` or `en`: what commands, reports and pages are shown in; empty: as the terminal's locale says."""
    log: str = ""
    """Where runs log what they do, as lines of JSON: a file, relative to the workspace, or `-`, standard error."""
    sender_company: str = ""
    sender_name: str = ""
    sender_phone: str = ""
    sender_address: str = ""
    """The four of them go on the courier's sheet."""

    @field_validator("store")
    @classmethod
    def _store(cls, value: str) -> str:
        if not re.fullmatch(r"file:.+|s3://[a-z0-9][a-z0-9.-]+(/.*)?", value):
            raise ValueError(f"{value!r} 应写作 file:文件夹 或 s3://存储桶/前缀")
        return value

    @field_validator("campaign", "spec", "store", "log")
    @classmethod
    def _path(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("含有不可见的控制字符，请重新填写")
        return value

    @field_validator("dask")
    @classmethod
    def _dask(cls, value: str) -> str:
        if value and not re.fullmatch(r"(tcp|tls)://[A-Za-z0-9.:\[\]_-]+:[0-9]{1,5}", value):
            raise ValueError(f"{value!r} 应写作 tcp://主机:端口")
        return value

    @field_validator("schedule")
    @classmethod
    def _schedule(cls, value: str) -> str:
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
            raise ValueError(f"{value!r} 应写作 时:分，如 22:30")
        return value

    @field_validator("language")
    @classmethod
    def _language(cls, value: str) -> str:
        if value not in ("", *LANGUAGES):
            raise ValueError(f"{value!r} 应写作 zh 或 en")
        return value

    @field_validator("photo_name")
    @classmethod
    def _photo_name(cls, value: str) -> str:
        """What it makes of each student is looked at when the inputs are taken."""
        return bundle_template(value).text


def load_settings(workspace: Path) -> Settings:
    """The settings of a workspace; without a file those of the environment. `SettingsError` names file and key."""
    path = workspace / FILE
    written = _written(path)
    _refuse_unknown(path, written)
    try:
        return Settings(**{key: value for key, value in written.items() if not _in_environment(key)})
    except ValidationError as trouble:
        raise SettingsError(_line(path, next(problems(trouble)))) from None


def _written(path: Path) -> dict[str, Any]:
    """What the file says; Notepad puts a byte order mark before it."""
    try:
        return parse(read_text(path))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as trouble:
        raise SettingsError(f"设置文件 {path}：{syntax(trouble)}") from None
    except DocumentTrouble as trouble:
        raise SettingsError(f"设置文件 {path}：{trouble}") from None
    except OSError as trouble:
        raise SettingsError(f"设置文件 {path}：无法读取（{unreadable(trouble)}），请检查权限") from None


_SHOULD: dict[Any, str] = {str: "应为加引号的文字", int: "应为整数，不加引号"}


def _refuse_unknown(path: Path, written: dict[str, Any]) -> None:
    for key, value in written.items():
        if key not in Settings.model_fields:
            raise SettingsError(f"设置文件 {path}：{key}：不认识的项，请改正或删去")
        if isinstance(value, bool):  # true would be taken for 1
            raise SettingsError(f"设置文件 {path}：{key}：应为文字或数字，不能是 {str(value).lower()}")
        if type(value) is not Settings.model_fields[key].annotation:
            raise SettingsError(f"设置文件 {path}：{key}：{_SHOULD[Settings.model_fields[key].annotation]}")
    known = NO_SETTINGS | {_variable(key) for key in Settings.model_fields}
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise SettingsError(f"环境变量 {name}：不认识的项，请改正或删去")


def _line(path: Path, problem: Problem) -> str:
    """The one place to look: the variable when there is one, for it won."""
    key = str(problem.place[0])
    if _in_environment(key):
        return f"环境变量 {_variable(key)}：{problem.why}"
    return f"设置文件 {path}：{problem.text}"


def _in_environment(key: str) -> bool:
    return any(name.upper() == _variable(key) for name in os.environ)


def _variable(key: str) -> str:
    return f"{PREFIX}{key.upper()}"
