"""The portal's settings, a part of the office's."""

import re
from ipaddress import ip_network

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class PortalSettings(BaseSettings):
    """Where the portal is reached, and how long links and sessions last."""

    portal_url: str = ""
    """Where the portal is reached from outside, `https://photos.example`; empty: at the address that it serves."""
    portal_session_hours: int = Field(default=12, ge=1, le=720)
    """How long somebody stays signed in at the portal."""
    portal_invite_days: int = Field(default=30, ge=1, le=366)
    """How long a link to the portal can be used."""
    portal_proxies: str = ""
    """Addresses of reverse proxies, parted by commas, whose X-Forwarded-For is believed; empty: nobody's."""
    portal_s3: str = ""
    """Where browsers reach S3, to download from it directly; empty: bundles pass through the portal."""

    @field_validator("portal_url", "portal_s3")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:-]+", value):
            raise ValueError(f"{value!r} 应写作 https://主机 或 https://主机:端口，后面没有路径")
        return value

    @field_validator("portal_proxies")
    @classmethod
    def _proxies(cls, value: str) -> str:
        for one in filter(None, map(str.strip, value.split(","))):
            try:
                ip_network(one)
            except ValueError:
                raise ValueError(f"{one!r} 应是一个地址或网段，如 127.0.0.1 或 10.0.0.0/24") from None
        return value
