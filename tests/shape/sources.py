"""The project's own files, as the tests about them read them."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).parents[2]
PROGRAM = ("app", "tasks", "seeds", "config.py", "wsgi.py")
NOT_OURS = {
    *(".git", ".venv", "var", "__pycache__", ".hypothesis", ".import_linter_cache"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", "node_modules"),
}
JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project that is not made by a tool."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS)
        found += [Path(folder) / name for name in sorted(names) if not name.endswith(".mo")]
    return tuple(found)


def python_files(*parts: str) -> list[Path]:
    """The Python files below these folders, or named by these paths."""
    roots = [ROOT / part for part in parts]
    return [
        file
        for file in files()
        if file.suffix == ".py" and any(file == root or root in file.parents for root in roots)
    ]


def templates() -> list[Path]:
    """Every Jinja template: pages, and the three files of each mail."""
    folders = [ROOT / "app" / "templates", *sorted((ROOT / "app").glob("*/templates"))]
    return [
        file
        for file in files()
        if file.suffix != ".typ" and any(folder in file.parents for folder in folders)
    ]


def prints() -> list[Path]:
    """Every template of Typst, for what is printed."""
    return [file for file in files() if file.suffix == ".typ" and ROOT / "app" in file.parents]


def template_name(file: Path) -> str:
    """How the program names a template: `events/event.html`."""
    return "/".join(file.parts[file.parts.index("templates") + 1 :])


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), str(file))


def short(file: Path) -> str:
    return str(file.relative_to(ROOT))


def functions(file: Path) -> Iterator[Function]:
    for node in ast.walk(tree(file)):
        if isinstance(node, Function):
            yield node


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def calls(file: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call in a file, with what is called as text: `queue.after_commit`."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def strings(files: Iterable[Path]) -> Iterator[str]:
    """Every string literal in Python files."""
    for file in files:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def without_tags(html: str) -> str:
    """What a reader sees or hears of HTML: its text, and the attributes that are read aloud."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    spoken = re.findall(r'\b(?:title|alt|placeholder|aria-label)="([^"]*)"', html)
    return " ".join([re.sub(r"<[^>]*>", " ", html), *spoken])
