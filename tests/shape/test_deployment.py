"""What operators copy is kept valid: the container, compose.yaml, systemd's units, the proxy."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

import config
from tests.shape.sources import ROOT

UNITS = sorted((ROOT / "docs" / "systemd").glob("*.service"))
COMPOSE: Any = yaml.safe_load((ROOT / "compose.yaml").read_text())
PROGRAMS = {
    "gunicorn": r"gunicorn (--[a-z]+ \S+ )*wsgi:app",
    "celery": r"celery -A tasks (worker( --concurrency \d+)?|beat)",
    "flask": r"flask serve",
    "sh": r"sh -c flask db upgrade && flask seed reference",
}


def is_ours(command: list[str]) -> bool:
    """Whether a command is one that the README tells of."""
    name = Path(command[0]).name
    return bool(re.fullmatch(PROGRAMS[name], " ".join([name, *command[1:]])))


def test_each_process_of_compose_runs_a_command_of_ours() -> None:
    ours = {name: each for name, each in COMPOSE["services"].items() if "env_file" in each}
    assert {"web", "worker", "beat", "migrate"} == set(ours)
    assert [name for name, each in ours.items() if not is_ours(each["command"])] == []


def test_nothing_of_compose_starts_before_the_schema_is_there() -> None:
    first = COMPOSE["services"]["migrate"]["depends_on"]
    assert first.keys() == {"database", "redis"}
    for name in ("web", "worker", "beat"):
        waits = COMPOSE["services"][name]["depends_on"]
        assert waits == first | {"migrate": {"condition": "service_completed_successfully"}}


def test_compose_sets_what_is_a_setting() -> None:
    known = {setting.name for setting in config.SETTINGS}
    assert COMPOSE["x-program"]["environment"].keys() <= known
    assert [s for s in COMPOSE["services"] if s == "beat"] == ["beat"]
    volumes = {v.split(":")[0] for s in COMPOSE["services"].values() for v in s.get("volumes", [])}
    assert volumes == COMPOSE["volumes"].keys()


def test_redis_of_compose_keeps_what_it_is_given() -> None:
    command = " ".join(COMPOSE["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_the_container_copies_what_is_there_and_runs_the_web() -> None:
    lines = (ROOT / "Containerfile").read_text().splitlines()
    copied = [part for line in lines if line.startswith("COPY") for part in line.split()[1:-1]]
    assert [part for part in copied if not (ROOT / part).exists()] == []
    (command,) = (yaml.safe_load(line[4:]) for line in lines if line.startswith("CMD"))
    assert is_ours(command)
    assert "--require-hashes" in "\n".join(lines)


@pytest.mark.parametrize("unit", UNITS, ids=lambda file: file.name)
def test_each_unit_starts_a_command_of_ours(unit: Path) -> None:
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit)
    assert parser.sections() == ["Unit", "Service", "Install"]
    assert is_ours(shlex.split(parser["Service"]["ExecStart"]))
    assert parser["Service"]["EnvironmentFile"] == "/etc/whereas.env"


def test_the_readme_shows_the_proxy_whole() -> None:
    shown = (ROOT / "docs" / "Caddyfile").read_text()
    assert shown.strip() in (ROOT / "README.md").read_text()
    assert "reverse_proxy" in shown
    assert shown.count("{") == shown.count("}")
