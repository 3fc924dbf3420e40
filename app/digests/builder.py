"""The form in which staff put conditions together by clicking, with or without scripts.

Each part of the tree has a path such as `0.1.2`, a field `part` that says so, and fields named
`0.1.2-miles`. Adding and taking away are buttons that send everything typed; nothing is kept on
the way, and the paths are counted anew on each page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.digests import tree
from app.digests.tree import Group, Leaf, Match
from app.foundation.forms import Form, SelectField, choices
from app.mail import conditions

GROUP = "group"
ROOT = "0"
PATH = re.compile(r"0(\.\d{1,2}){0,3}")


class GroupForm(Form):
    """How the parts of a group count, and what to add to it."""

    match = SelectField(
        _l("Who fits"),
        choices=choices(
            (
                (Match.ALL, _l("All of these are true")),
                (Match.ANY, _l("Any of these is true")),
                (Match.NONE, _l("None of these is true")),
            )
        ),
        default=Match.ALL.value,
    )
    add = SelectField(_l("Add"), validate_choice=False)


@dataclass
class Part:
    """A group or a condition as it was typed, right or wrong."""

    kind: str
    typed: dict[str, list[str]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        return self.kind == GROUP


@dataclass(frozen=True)
class Node:
    """A part with its form and its place on the page."""

    path: str
    kind: str
    label: Any
    form: Any
    parts: Sequence[Node]
    may_grow: bool

    @property
    def is_group(self) -> bool:
        return self.kind == GROUP

    def each(self) -> Iterator[Node]:
        yield self
        for part in self.parts:
            yield from part.each()

    def is_valid(self) -> bool:
        """Check each condition, so that mistakes stand beside their fields."""
        mistaken = [node for node in self.each() if not node.form.validate()]
        return not mistaken

    def forget_errors(self) -> None:
        """Do not reproach people with what they only began to fill in."""
        for node in self.each():
            for one in node.form:
                one.errors = ()

    def chosen(self) -> Group:
        """What a valid root says."""
        return Group(Match(self.form.match.data), tuple(part.meaning() for part in self.parts))

    def meaning(self) -> Group | Leaf:
        if self.is_group:
            return self.chosen()
        return Leaf(self.kind, conditions.kind_of(self.kind).values(self.form))


def of(group: Group) -> Part:
    """What was kept, as if it had been typed."""
    return _of(group)


def read(sent: MultiDict[str, str]) -> Part:
    """What a browser sent; a form that nobody could have sent is 400."""
    found: dict[str, Part] = {}
    for written in sent.getlist("part"):
        path, _colon, kind = written.partition(":")
        parent, _dot, _number = path.rpartition(".")
        fits = path == ROOT if not found else parent in found and found[parent].is_group
        if not (fits and PATH.fullmatch(path) and (kind == GROUP or conditions.is_known(kind))):
            abort(400)
        found[path] = Part(kind, _fields(sent, path))
        if parent:
            found[parent].parts.append(found[path])
    return found.get(ROOT) or Part(GROUP)


def act(root: Part, act: str) -> None:
    """Do what a button says: `add:PATH` or `remove:PATH`; anything else changes nothing."""
    verb, _colon, path = act.partition(":")
    if not PATH.fullmatch(path):
        return
    if verb == "add":
        _add(root, path)
    elif verb == "remove" and path != ROOT:
        parent, _dot, number = path.rpartition(".")
        parts = _at(root, parent).parts
        if int(number) < len(parts):
            del parts[int(number)]


def node(root: Part) -> Node:
    """The parts with their forms."""
    return _node(root, ROOT, may_grow=_size(root) < tree.MOST_CONDITIONS)


def _of(part: Group | Leaf) -> Part:
    if isinstance(part, Leaf):
        return Part(part.kind, conditions.kind_of(part.kind).typed(part.values))
    return Part(GROUP, {"match": [part.match.value]}, [_of(each) for each in part.parts])


def _fields(sent: Mapping[str, Any], path: str) -> dict[str, list[str]]:
    start = f"{path}-"
    lists = sent.lists() if isinstance(sent, MultiDict) else ()
    return {key.removeprefix(start): each for key, each in lists if key.startswith(start)}


def _add(root: Part, path: str) -> None:
    group = _at(root, path)
    kind = (group.typed.pop("add", None) or [""])[0]
    deepest = path.count(".") + 1 >= tree.DEEPEST
    if not group.is_group or _size(root) >= tree.MOST_CONDITIONS or (kind == GROUP and deepest):
        return
    if kind == GROUP or conditions.is_known(kind):
        group.parts.append(Part(kind))


def _at(root: Part, path: str) -> Part:
    found = root
    for number in path.split(".")[1:]:
        if int(number) >= len(found.parts):
            abort(400)
        found = found.parts[int(number)]
    return found


def _size(part: Part) -> int:
    """How many parts there are below a part."""
    return sum(1 + _size(each) for each in part.parts)


def _node(part: Part, path: str, *, may_grow: bool) -> Node:
    return Node(
        path=path,
        kind=part.kind,
        label="" if part.is_group else conditions.kind_of(part.kind).label,
        form=_form(part, path),
        parts=[
            _node(each, f"{path}.{number}", may_grow=may_grow)
            for number, each in enumerate(part.parts)
        ],
        may_grow=may_grow,
    )


def _form(part: Part, path: str) -> Form:
    typed = MultiDict([(f"{path}-{key}", one) for key, each in part.typed.items() for one in each])
    if not part.is_group:
        # what nobody typed yet shows the form's own defaults
        return conditions.kind_of(part.kind).form(formdata=typed or None, prefix=f"{path}-")
    form = GroupForm(formdata=typed or None, prefix=f"{path}-")
    offered: list[tuple[object, Any]] = [(kind.key, kind.label) for kind in conditions.kinds()]
    if path.count(".") + 1 < tree.DEEPEST:
        offered.append((GROUP, _l("A group of conditions")))
    form.add.choices = choices(offered)
    return form
