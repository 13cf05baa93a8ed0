"""Where a print is cut: the photo profile's ranges in the print's size, so that heads stand as in the portrait."""

from config.print_size import PrintSize
from config.spec import Aim, Range, Spec


def print_spec(spec: Spec, size: PrintSize) -> Spec:
    """The profile for a print; heights go by its height, the face's width by its width, both in its pixels."""
    width, height = size.pixels
    across, down = width / spec.width, height / spec.height
    return spec.model_copy(
        update={
            "width": width,
            "height": height,
            "dpi": size.dpi,
            "crown": _scaled(spec.crown, down),
            "eye": _scaled(spec.eye, down),
            "face": _scaled(spec.face, across),
            "aim": Aim(crown=spec.aim.crown * down, eye=spec.aim.eye * down, face=spec.aim.face * across),
        }
    )


def _scaled(span: Range, by: float) -> Range:
    return Range(low=span.low * by, high=span.high * by)
