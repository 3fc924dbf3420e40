"""The browser of the tests: the system's Chromium or Chrome, else the one Playwright downloaded."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.services.processes import Unavailable, find_program, package_folder

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
FLAGS = (
    "--no-sandbox",  # the tests may run as root, and show only our own pages
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""What Chromium is started with: nothing that calls home."""


def find() -> Path | None:
    found = find_program(NAMES)
    if found:
        return found
    return next((path for path in (*MAC, *_of_playwright()) if path.exists()), None)


def path() -> Path:
    found = find()
    if found is None:
        raise Unavailable(
            "This test needs a browser: install Chromium or Chrome, or let Playwright do it "
            "(.venv/bin/playwright install chromium)."
        )
    return found


def driver() -> Path | None:
    """The program through which Playwright speaks to a browser: Node.js, from its package."""
    package = package_folder("playwright")
    return package / "driver" / "node" if package else None


def _of_playwright() -> list[Path]:
    cache = "Library/Caches" if sys.platform == "darwin" else ".cache"
    home = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / cache / "ms-playwright"
    programs = ("chrome-linux*/chrome", "chrome-mac*/*.app/Contents/MacOS/*")
    return [path for program in programs for path in Path(home).glob(f"chromium-*/{program}")]
