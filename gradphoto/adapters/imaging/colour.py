"""To sRGB: pictures with a profile of their own (AdobeRGB, P3, CMYK, grey) get the colours that were meant."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageCms


def to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """An RGB or CMYK picture in sRGB; a profile that is missing, broken or of another kind counts as sRGB."""
    profile = _profile(icc)
    space = profile.profile.xcolor_space.strip() if profile else ""
    if space == "GRAY" and _is_grey(image):
        image, space = image.convert("L"), "L"
    if profile is None or space != image.mode:
        return image.convert("RGB")
    if "sRGB" in (profile.profile.profile_description or ""):
        return image.convert("RGB")
    try:
        shown = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        return image.convert("RGB")
    return shown or image.convert("RGB")


def _is_grey(image: Image.Image) -> bool:
    """Whether nothing of a picture is coloured: a grey one was decoded to three equal channels."""
    if image.mode != "RGB":
        return False
    red, green, blue = np.moveaxis(np.asarray(image), 2, 0)
    return np.array_equal(red, green) and np.array_equal(green, blue)


def _profile(icc: bytes | None) -> ImageCms.ImageCmsProfile | None:
    try:
        return ImageCms.ImageCmsProfile(BytesIO(icc)) if icc else None
    except (OSError, ImageCms.PyCMSError):
        return None
