"""Pictures as we keep them: drawn anew from their pixels, so that nothing else of the file stays.

No place and time of a phone, no second file behind the picture, no script; turned the way it was
held, its longest side 1,600 pixels. A child process that lives for one picture does it, so that
the process that answers people stays small whatever they send.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).parent / "redrawing.py"
MOST_SECONDS = 25


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
        done = subprocess.run(  # noqa: S603  our own program, without a shell
            [sys.executable, "-I", str(PROGRAM)],
            input=raw,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotAPicture(f"it took more than {MOST_SECONDS} s") from None
    if done.returncode != 0:
        raise NotAPicture(done.stderr.decode(errors="replace")[-2000:])
    line, _newline, content = done.stdout.partition(b"\n")
    told = json.loads(line)
    if "too_many_pixels" in told:
        raise TooManyPixels(told["too_many_pixels"])
    if "not_a_picture" in told:
        raise NotAPicture(told["not_a_picture"])
    return Picture(content, **told)
