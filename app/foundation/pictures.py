"""Pictures as we keep them: drawn anew from their pixels, so that nothing else of the file stays.

No place and time of a phone, no second file behind the picture, no script; turned the way it was
held, its longest side 1,600 pixels.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000
"""A phone's picture has 12 to 50 million."""
MOST_ASPECT = 20
"""How many times longer than the other a side may be."""
Image.MAX_IMAGE_PIXELS = None  # we look at the size ourselves, before anything is unpacked


class NotAPicture(ValueError):
    """The file is none of the kinds that we read, or broken."""


class TooManyPixels(ValueError):
    """Unpacking the picture would take more memory than a picture deserves."""


@dataclass(frozen=True)
class Picture:
    """A picture without anything about where, when and by whom it was taken."""

    content: bytes
    content_type: str
    width: int
    height: int


def drawn_anew(raw: bytes) -> Picture:
    """The picture in a file, as JPEG, or as WebP where parts of it are transparent.

    Raises NotAPicture, TooManyPixels.
    """
    try:
        return _encoded(_decoded(raw))
    except TooManyPixels:
        raise
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise NotAPicture(str(error)) from None


def _decoded(raw: bytes) -> Image.Image:
    """Its first frame, upright, in sRGB and no larger than we keep it."""
    picture = Image.open(io.BytesIO(raw), formats=FORMATS)
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_ASPECT * min(width, height):
        raise TooManyPixels(f"{width} x {height}")
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is read at a smaller scale
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _in_srgb(upright, profile)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if profile and picture.mode in ("RGB", "RGBA"):
        try:
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, theirs, ImageCms.createProfile("sRGB"))
        except (OSError, ImageCms.PyCMSError):
            converted = None  # its colors stay as they are
        picture = converted or picture
    return picture.convert(mode)


def _encoded(picture: Image.Image) -> Picture:
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    if bare.mode == "RGBA":
        bare.save(out, "WEBP", quality=82, method=4)
        content_type = "image/webp"
    else:
        bare.save(out, "JPEG", quality=82, optimize=True, progressive=True)
        content_type = "image/jpeg"
    return Picture(out.getvalue(), content_type, bare.width, bare.height)
