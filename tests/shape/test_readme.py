"""The README tells what is so: the settings, the commands, the files."""

from __future__ import annotations

import re

import config
from tests.shape.sources import ROOT

README = ROOT / "README.md"


def row(setting: config.Setting) -> str:
    """A setting's line in the README's table; `SECRET_KEY` has no default worth showing."""
    shown = setting.default if setting.name != "SECRET_KEY" else ""
    default = f"`{shown}`" if shown else ""
    return f"| `{setting.name}` | {default} | {setting.meaning} |"


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def test_the_settings_table_equals_the_settings() -> None:
    """When this fails, paste the expected rows into the README."""
    written = re.findall(r"^\| `[A-Z_]+` \|.*\|$", README.read_text(), flags=re.MULTILINE)
    assert "\n".join(written) == "\n".join(row(setting) for setting in config.SETTINGS)


def test_each_command_of_the_readme_is_a_target() -> None:
    named = set(re.findall(r"\bmake ([a-z-]+)", README.read_text()))
    assert {"demo", "test"} <= named
    assert named - make_targets() == set()


def test_each_link_of_the_readme_leads_to_a_file() -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", README.read_text())
    assert [link for link in links if not (ROOT / link).exists()] == []
