"""The tree as anybody may clone it: it names no machine, no person's folder, no package host."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.shape.sources import ROOT, files, short

# Written in two halves, so that this file does not name them either.
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "deb.debian" + ".org",
    "index" + "-url =",
    "find" + "-links =",
]
HOMES = re.compile(r"(?<![\w.])/(?:home|Users)/\w+|(?<![\w.])/root/")
ALLOWED = {"tests/shape/test_tree.py", "tests/shape/test_requirements.py"}


def texts() -> list[tuple[str, str]]:
    found = []
    for file in files():
        try:
            found.append((short(file), file.read_text()))
        except UnicodeDecodeError:
            continue  # a picture
    return [(name, text) for name, text in found if name not in ALLOWED]


def this_machine() -> list[str]:
    """Paths that only this machine has: where the clone lies, the home, the Python."""
    paths = {ROOT, Path.home(), Path(sys.base_prefix)}
    if len(ROOT.parent.parts) > 1 and ROOT.parent != Path("/tmp"):  # noqa: S108
        paths.add(ROOT.parent)
    common = {Path("/"), Path("/usr"), Path("/usr/local")}
    return [f"{path}/" for path in paths - common]


def test_no_file_names_a_package_host() -> None:
    naming = [(name, host) for name, text in texts() for host in HOSTS if host in text]
    assert naming == []


def test_no_file_names_a_path_of_one_machine() -> None:
    naming = [name for name, text in texts() if HOMES.search(text)]
    naming += [name for name, text in texts() for path in this_machine() if path in text]
    assert naming == []


def test_no_lock_file_of_a_tool_is_kept() -> None:
    tools = {"uv.lock", "poetry.lock", "Pipfile.lock", "package-lock.json", "pdm.lock"}
    assert [short(file) for file in files() if file.name in tools] == []


def test_text_files_end_with_one_newline() -> None:
    untidy = [name for name, text in texts() if text and not re.search(r"[^\n]\n\Z", text)]
    # Mails count their newlines, and a tool writes the catalogs.
    ours = [name for name in untidy if "/templates/" not in name and not name.endswith(".po")]
    assert ours == []
