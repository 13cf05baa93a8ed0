"""What a run works with, parsed: campaign, profile, delivery, register and addresses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from config.bad_input import BadInput
from config.campaign import Campaign
from config.campaign_file import parse_campaign
from config.frozen import Frozen
from config.spec import Spec, parse_spec
from gradphoto.adapters.store import digest
from gradphoto.inputs.mailing import Address, read_mailing
from gradphoto.inputs.problems import Held
from gradphoto.inputs.roster import Register, read_register


class InputTrouble(BadInput):
    """Inputs that cannot be used: one line a trouble, and nothing was run."""


class Delivery(Frozen):
    """What the settings put into what is delivered."""

    artist: str
    copyright: str
    photo_name: str


@dataclass(frozen=True)
class Inputs:
    """One snapshot, parsed."""

    number: int
    digest: str
    """Of everything a bundle may depend on: all but the mailing list."""
    campaign: Campaign
    spec: Spec
    spec_digest: str
    delivery: Delivery
    register: Register
    addresses: Mapping[str, Address]
    held_addresses: tuple[Held, ...]

    @property
    def held(self) -> tuple[Held, ...]:
        """Rows of rosters and mailing list that were not used."""
        return (*self.register.held, *self.held_addresses)


def parse_inputs(number: int, found: Mapping[tuple[str, str], bytes]) -> Inputs:
    """A snapshot's inputs; `found` holds its files' data by kind and name, `number` is 0 for none."""
    kinds: dict[str, list[tuple[str, bytes]]] = {}
    for (kind, name), data in sorted(found.items()):
        kinds.setdefault(kind, []).append((name, data))
    (campaign_name, campaign_data), (spec_name, spec_data) = kinds["campaign"][0], kinds["spec"][0]
    campaign = parse_campaign(campaign_data.decode(), campaign_name)
    register = read_register(kinds.get("roster", []), campaign)
    addresses: dict[str, Address] = {}
    held: list[Held] = []
    for name, data in kinds.get("mailing", []):
        found_addresses, lost = read_mailing(data, name, campaign)
        addresses.update(found_addresses)
        held.extend(lost)
    return Inputs(
        number=number,
        digest=_digest(found),
        campaign=campaign,
        spec=parse_spec(spec_data.decode(), spec_name),
        spec_digest=profile_digest(spec_data),
        delivery=Delivery.model_validate_json(kinds["settings"][0][1]),
        register=register,
        addresses=addresses,
        held_addresses=tuple(held),
    )


def profile_digest(text: bytes) -> str:
    """The 12 digits by which what was made with a profile is kept."""
    return digest(text)[:12]


def _digest(found: Mapping[tuple[str, str], bytes]) -> str:
    """Names do not count: the same rosters under other names are the same inputs."""
    parts = sorted((kind, digest(data)) for (kind, _), data in found.items() if kind != "mailing")
    return digest(json.dumps(parts).encode())
