"""Who was photographed, as somebody tells who looks at the pictures while they are taken."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class Seen(Protocol):
    """What a desk asks of whoever follows the camera."""

    def photographed(self) -> Mapping[str, datetime]:
        """By student number when the first good portrait was taken, in campaign time. Must answer at once."""
