"""The locked requirements: exact versions with hashes, from no host in particular."""

from __future__ import annotations

import re

import pytest

from tests.shape.sources import ROOT

SETS = ("installer", "run", "test", "check")
FOLDER = ROOT / "requirements"
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[\w,-]+\])?==(\S+)")
MARKER = r"(?: ; (?:(?!--hash).)+)?"
LOCKED = re.compile(rf"{PIN.pattern}{MARKER}(?: +--hash=sha256:[0-9a-f]{{64}})+ *")
HOST = re.compile(r"://|--(extra-)?index-url|--find-links|--trusted-host|-i ", re.IGNORECASE)


def entries(name: str) -> list[str]:
    """The requirements of a locked file, each with its continuation lines, without comments."""
    text = re.sub(r"^ *#.*\n", "", (FOLDER / f"{name}.txt").read_text(), flags=re.MULTILINE)
    return [entry for entry in text.replace("\\\n", "").splitlines() if entry.strip()]


def pins(name: str) -> dict[str, str]:
    found = [PIN.match(entry) for entry in entries(name)]
    return {pin[1]: pin[2] for pin in found if pin}


def named(name: str) -> set[str]:
    """The packages that a set asks for itself."""
    lines = (FOLDER / f"{name}.in").read_text().splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-"))]
    return {re.split(r"[\[<>=!~; ]", line)[0] for line in wanted}


@pytest.mark.parametrize("name", SETS)
def test_each_requirement_is_exact_and_has_hashes(name: str) -> None:
    loose = [entry for entry in entries(name) if not LOCKED.fullmatch(entry)]
    assert entries(name) != []
    assert loose == []


@pytest.mark.parametrize("file", sorted(FOLDER.iterdir()), ids=lambda file: file.name)
def test_no_requirement_file_names_a_host(file) -> None:
    assert [line for line in file.read_text().splitlines() if HOST.search(line)] == []


@pytest.mark.parametrize("name", SETS)
def test_what_is_asked_for_is_locked(name: str) -> None:
    assert named(name) - set(pins(name)) == set()


@pytest.mark.parametrize(("smaller", "larger"), [("run", "test"), ("test", "check")])
def test_the_sets_agree_on_versions(smaller: str, larger: str) -> None:
    assert pins(smaller).items() <= pins(larger).items()
