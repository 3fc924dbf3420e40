"""Draws one picture anew: run as a program of its own, file in, picture out (see pictures).

Whatever a file makes Pillow do, it does it here: with little time, little memory, and no part in
the process that answers people. The first line that comes out is JSON.
"""

from __future__ import annotations

import io
import json
import resource
import sys

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000
"""A phone's picture has 12 to 50 million."""
MOST_ASPECT = 20
"""How many times longer than the other a side may be."""
MOST_SECONDS = 20
MOST_MEMORY = 1_500_000_000
"""Addresses, not memory in use."""
Image.MAX_IMAGE_PIXELS = None  # we look at the size ourselves, before anything is unpacked


class _TooManyPixels(ValueError):
    """Unpacking the picture would take more memory than a picture deserves."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        told, content = _encoded(_decoded(sys.stdin.buffer.read()))
    except _TooManyPixels as error:
        told, content = {"too_many_pixels": str(error)}, b""
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        told, content = {"not_a_picture": str(error)}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + content)


def _decoded(raw: bytes) -> Image.Image:
    """Its first frame, upright, in sRGB and no larger than we keep it."""
    picture = Image.open(io.BytesIO(raw), formats=FORMATS)
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_ASPECT * min(width, height):
        raise _TooManyPixels(f"{width} x {height}")
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


def _encoded(picture: Image.Image) -> tuple[dict[str, str | int], bytes]:
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    if bare.mode == "RGBA":
        bare.save(out, "WEBP", quality=82, method=4)
        content_type = "image/webp"
    else:
        bare.save(out, "JPEG", quality=82, optimize=True, progressive=True)
        content_type = "image/jpeg"
    return {"content_type": content_type, "width": bare.width, "height": bare.height}, (
        out.getvalue()
    )


if __name__ == "__main__":
    main()
