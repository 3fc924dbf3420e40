"""The catalogs are complete: each text of the program, with its placeholders, in each language."""

from __future__ import annotations

import ast
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.foundation.language import DEFAULT, LANGUAGES
from tests.shape.messages import KEYWORDS, translatable
from tests.shape.sources import ROOT, python_files, short, tree

FOLDER = ROOT / "app" / "translations"
TRANSLATED = sorted(set(LANGUAGES) - {DEFAULT})
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def catalog(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as content:
        return read_po(content, locale=language)


def missing(of: Catalog) -> list[str]:
    """The texts that this catalog leaves in English."""
    return [text.singular for text in translatable() if not translations(of, text.singular)]


def translations(of: Catalog, text: str) -> list[str]:
    message = of.get(text)
    if message is None or message.fuzzy:
        return []
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return list(forms) if all(forms) else []


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_text_is_translated(language: str) -> None:
    assert missing(catalog(language)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_survive_translation(language: str) -> None:
    of = catalog(language)
    broken = [
        text.singular
        for text in translatable()
        for form in translations(of, text.singular)[-1:]
        if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(text.plural or text.singular))
    ]
    assert broken == []


def test_a_text_without_translation_is_noticed() -> None:
    empty = Catalog(locale="es")
    assert set(missing(empty)) == {text.singular for text in translatable()}


def hidden(module: ast.Module) -> list[str]:
    """The translations inside f-strings, where nothing collects their texts."""
    return [
        ast.unparse(call)
        for joined in ast.walk(module)
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in KEYWORDS
    ]


def test_no_text_hides_in_an_f_string() -> None:
    found = {short(f): calls for f in python_files("app", "tasks") if (calls := hidden(tree(f)))}
    assert found == {}


def test_a_text_in_an_f_string_is_noticed() -> None:
    source = "_('a'), f'{b} {_(c)} {babel.ngettext(d, e, f)}'"
    assert hidden(ast.parse(source)) == ["_(c)", "babel.ngettext(d, e, f)"]
