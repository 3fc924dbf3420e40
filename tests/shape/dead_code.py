"""Code that nothing calls, found with vulture: `python -m tests.shape.dead_code`.

Vulture alone knows neither Flask nor Jinja: here what is registered (`@blueprint.get`) counts as
used, and so does every name that a template or a string of the program speaks of. Columns and the
members of an enumeration are data, not code.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from vulture import Vulture
from vulture.core import Item

from tests.shape.sources import PROGRAM, ROOT, python_files, strings, templates, tree

CODE = {"class", "function", "method", "property", "import", "unreachable_code"}
CALLED_BY_OTHERS = {
    *("ensure_sync", "open_session", "save_session"),
    *("process_bind_param", "process_result_value"),
    *("get_id", "is_active", "is_anonymous", "is_authenticated", "make_globals"),
    *("Meta", "_value", "pre_validate", "validate_*", "handle_starttag"),
    *("readable", "readinto", "writable"),
}
"""What Flask, Flask-Login, HTMLParser, io, Jinja, SQLAlchemy and WTForms call by name, and the
keeping of files, which the domains come to use."""
SETTINGS = ROOT / "tasks" / "settings.py"
"""What Celery reads by name."""


def unused(files: Iterable[Path], others: Iterable[Path]) -> list[Item]:
    """What `files` define and neither they nor `others` use."""
    files = list(files)
    vulture = Vulture(ignore_names=sorted(CALLED_BY_OTHERS), ignore_decorators=["@*.*"])
    vulture.scavenge([*files, *others])
    vulture.used_names.update(_spoken_of(files))
    data = {f"{file}:{line}" for file in files for line in _data_lines(file)}
    return [
        item
        for item in vulture.get_unused_code(min_confidence=60)
        if item.filename in files
        and (item.typ in CODE or (item.typ == "variable" and _place(item) not in data))
        and not (item.typ == "variable" and item.confidence == 100)  # an argument
    ]


def _place(item: Item) -> str:
    return f"{item.filename}:{item.first_lineno}"


def _spoken_of(files: Iterable[Path]) -> set[str]:
    names = set()
    for text in strings(files):
        names |= set(re.findall(r"^[A-Za-z_]\w*(?=$|\[)", text))  # a name, or a type in quotes
        names |= set(re.findall(r"^[a-z_.]+:([A-Za-z_]\w*)$", text))  # `module:name`
    for template in templates():
        for code in re.findall(r"\{[{%].*?[%}]\}", template.read_text(), flags=re.DOTALL):
            names |= set(re.findall(r"[A-Za-z_]\w*", code))
    return names


def _data_lines(file: Path) -> set[int]:
    """The lines of a class body that assign: columns, fields, members of enumerations."""
    return {
        line.lineno
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.Assign | ast.AnnAssign)
    }


def main() -> int:
    program = [file for file in python_files(*PROGRAM) if file != SETTINGS]
    others = [SETTINGS, ROOT / "migrations" / "env.py", *python_files("bench")]
    found = unused(program, others)
    for item in found:
        sys.stdout.write(f"{item.get_report()}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
