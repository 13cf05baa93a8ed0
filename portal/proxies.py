"""Whose address a request comes from. What a header says of it counts only where a proxy of ours wrote it."""

from ipaddress import ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope


class Proxies:
    """The proxies of the setting `portal_proxies`: addresses or networks, parted by commas."""

    def __init__(self, said: str) -> None:
        self._networks = [ip_network(one.strip()) for one in said.split(",") if one.strip()]

    def client(self, scope: Scope) -> str:
        """The address of who asks: the last one in X-Forwarded-For that is no proxy of ours, if a proxy asks."""
        address = (scope.get("client") or ("", 0))[0]
        said = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
        for before in reversed([one.strip() for one in said.split(",") if one.strip()]):
            if not self._ours(address):
                break
            address = before
        return address

    def _ours(self, address: str) -> bool:
        try:
            one = ip_address(address)
        except ValueError:
            return False
        return any(one in network for network in self._networks if network.version == one.version)
