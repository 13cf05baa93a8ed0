"""Bundles for tests of what happens to them: deliveries told by student and picture."""

from collections.abc import Mapping

from gradphoto.bundle import Absent, Delivery
from gradphoto.packed import Packed


def a_delivery(student_no: str, picture: int = 1) -> Delivery:
    """One student's portrait made from the picture of that number."""
    return Delivery(
        student_no=student_no,
        name="马莉",
        file=f"{student_no}.jpg",
        sha256=f"{picture + 1000:064x}",
        source_sha256=f"{picture:064x}",
        session="2023-07-02-yanchi",
        width=480,
        height=640,
        bytes=32000,
        left=0,
        top=0,
        right=960,
        bottom=1280,
        scale=0.5,
        quality=80,
        spec="chsi-2017",
        recipe="p1",
    )


def a_bundle(
    pictures: Mapping[str, int], version: int = 1, centre: str = "yanchi", absent: tuple[Absent, ...] = ()
) -> Packed:
    """A bundle of each student's picture."""
    return Packed(
        centre=centre,
        version=version,
        path=f"bundles/{centre}/{centre}-v{version:04d}.zip",
        sha256="0" * 64,
        bytes=1,
        inputs="1" * 64,
        snapshot=1,
        deliveries=tuple(a_delivery(student, picture) for student, picture in sorted(pictures.items())),
        absent=absent,
    )
