"""Pictures are drawn anew: what they show stays, what else their file holds does not."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms

from app.foundation.pictures import NotAPicture, TooManyPixels, drawn_anew
from tests.foundation.files import SVG, flood, photo, picture


def opened(raw: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(raw))
    found.load()
    return found


def test_a_photo_loses_place_time_and_phone() -> None:
    before = photo()
    assert opened(before).getexif().get_ifd(0x8825)[1] == "N"

    after = drawn_anew(before)

    assert dict(opened(after.content).getexif()) == {}
    assert {"exif", "comment", "icc_profile", "xmp"} & set(opened(after.content).info) == set()
    assert b"Secret phone" not in after.content
    assert b"Maria" not in after.content


def test_a_photo_is_turned_the_way_it_was_held() -> None:
    after = drawn_anew(photo(orientation=6))
    assert (after.width, after.height) == (20, 40)
    assert opened(after.content).size == (20, 40)


@pytest.mark.parametrize(
    ("size", "kept"), [((4000, 3000), (1600, 1200)), ((300, 3200), (150, 1600)), ((9, 9), (9, 9))]
)
def test_the_longest_side_is_1600(size: tuple[int, int], kept: tuple[int, int]) -> None:
    after = drawn_anew(picture(*size))
    assert opened(after.content).size == (after.width, after.height) == kept


@pytest.mark.parametrize(
    ("kind", "mode", "content_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("PNG", "P", "image/jpeg"),
        ("PNG", "I;16", "image/jpeg"),
        ("PNG", "RGBA", "image/webp"),
        ("WEBP", "RGB", "image/jpeg"),
        ("GIF", "P", "image/jpeg"),
    ],
)
def test_each_kind_comes_out_as_one_of_two(kind: str, mode: str, content_type: str) -> None:
    color = {"I;16": 7, "P": 3}.get(mode, "teal")
    out = io.BytesIO()
    Image.new(mode, (40, 20), color).save(out, kind)
    after = drawn_anew(out.getvalue())
    assert after.content_type == content_type
    assert Image.MIME[str(opened(after.content).format)] == content_type


def test_colors_of_another_profile_are_converted() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert "icc_profile" in opened(picture(icc_profile=profile)).info
    assert "icc_profile" not in opened(drawn_anew(picture(icc_profile=profile)).content).info
    assert drawn_anew(picture(icc_profile=b"no profile")).content_type == "image/jpeg"


def test_a_second_file_behind_the_picture_is_gone() -> None:
    hidden = b"PK\x03\x04<script>alert(1)</script>"
    assert hidden not in drawn_anew(picture() + hidden).content
    assert hidden not in drawn_anew(picture(kind="GIF", comment=hidden)).content


@pytest.mark.parametrize(
    "raw",
    [
        SVG,
        b"",
        b"%PDF-1.7",
        b"<html>",
        picture()[:300],
        picture(kind="TIFF"),
        picture(kind="BMP"),
        picture(kind="ICO"),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    ],
)
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAPicture):
        drawn_anew(raw)


@pytest.mark.parametrize("side", [8_000, 12_000, 30_000, 2**31 - 1])
def test_a_flood_of_pixels_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(TooManyPixels):
        drawn_anew(flood(side))


def test_a_picture_as_thin_as_a_thread_is_refused() -> None:
    with pytest.raises(TooManyPixels):
        drawn_anew(picture(2100, 100))
