"""To sRGB: pictures with a profile of their own (AdobeRGB, P3, CMYK) get the colours that were meant."""

from io import BytesIO

from PIL import Image, ImageCms


def to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """An RGB or CMYK picture in sRGB; a profile that is missing, broken or of another kind counts as sRGB."""
    profile = _profile(icc)
    if profile is None or profile.profile.xcolor_space.strip() != image.mode:
        return image.convert("RGB")
    if "sRGB" in (profile.profile.profile_description or ""):
        return image.convert("RGB")
    try:
        shown = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        return image.convert("RGB")
    return shown or image.convert("RGB")


def _profile(icc: bytes | None) -> ImageCms.ImageCmsProfile | None:
    try:
        return ImageCms.ImageCmsProfile(BytesIO(icc)) if icc else None
    except (OSError, ImageCms.PyCMSError):
        return None
