"""Languages: `/es/…` is every page in Spanish, and a person's own choice holds where they sign in.

The prefix is taken off before routing and becomes part of SCRIPT_NAME, so that every link made by
`url_for` stays in the language, no cookie is needed, and caches keep the two apart.

A page has some fifty sentences: the language is chosen and its catalog sought once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from babel.support import NullTranslations
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.foundation.policy import viewer

LANGUAGES = {"en": "English", "es": "Español"}
DEFAULT = "en"
LOCALES = {"en": "en_US", "es": "es_US"}
"""How a language writes days, times and numbers in the United States: 12,000 and 6:30."""


def init_app(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = f"{app.root_path}/translations"
    babel = Babel(app, locale_selector=locale, default_locale=LOCALES[DEFAULT])
    babel.domain_instance = Sentences()
    app.jinja_env.globals.update(_=_in_template)


class Sentences(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The catalog of the current language, sought once in each app context and language."""

    def __init__(self) -> None:
        super().__init__()
        self._catalogs: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        if not has_app_context():
            return NullTranslations()
        found: NullTranslations | None = g.get("sentences")
        if found is None:
            language = current()
            if language not in self._catalogs:
                self._catalogs[language] = super().get_translations()
            found = g.sentences = self._catalogs[language]
        return found


def current() -> str:
    """The language of this page: the address's, else the signed-in person's, else English."""
    found: str | None = g.get("language")
    if found is None:
        found = g.language = _chosen()
    return found


def locale() -> str:
    """How this page writes days, times and numbers."""
    return LOCALES[current()]


def _chosen() -> str:
    if not has_request_context():
        return DEFAULT
    if "whereas.language" in request.environ:
        return str(request.environ["whereas.language"])
    return viewer.language or DEFAULT


def other_language_url() -> str:
    """This page in the other language."""
    asked = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    root = asked.environ.get("whereas.root", "")
    prefix = "" if current() == "es" else "/es"
    query = f"?{asked.query_string.decode('ascii', 'replace')}" if asked.query_string else ""
    return f"{root}{prefix}{quote(asked.path)}{query}"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Render something in a person's language, whatever the page's is."""
    before = current()
    _speak(language if language in LANGUAGES else DEFAULT)
    try:
        with force_locale(locale()):
            yield
    finally:
        _speak(before)


def _speak(language: str) -> None:
    g.language = language
    g.pop("sentences", None)


@pass_eval_context
def _in_template(context: EvalContext, sentence: str, **values: Any) -> str:
    """`_` of macros, which know nothing of the page that they are for."""
    return _told(get_translations(), context.autoescape, sentence, values)


@lru_cache
def _in(catalog: NullTranslations) -> Callable[..., str]:
    @pass_eval_context
    def translated(context: EvalContext, sentence: str, **values: Any) -> str:
        return _told(catalog, context.autoescape, sentence, values)

    return translated


def in_page() -> Callable[..., str]:
    """`_` of a page, which knows its catalog: values are escaped where the template is HTML."""
    return _in(g.get("sentences") or get_translations())


def _told(catalog: NullTranslations, html: bool, sentence: str, values: dict[str, Any]) -> str:
    if not values:
        return _without_values(catalog, sentence, html)
    translated = catalog.ugettext(sentence)
    return (Markup(translated) if html else translated) % values  # noqa: S704  ours


@lru_cache(maxsize=4096)
def _without_values(catalog: NullTranslations, sentence: str, html: bool) -> str:
    translated = catalog.ugettext(sentence) % {}
    return Markup(translated) if html else translated  # noqa: S704  our own sentences


def prefix_middleware(wsgi: Callable[..., Any]) -> Callable[..., Any]:
    def middleware(environ: dict[str, Any], start_response: Any) -> Any:
        environ["whereas.root"] = environ.get("SCRIPT_NAME", "")
        path = environ.get("PATH_INFO", "")
        for language in LANGUAGES.keys() - {DEFAULT}:
            if path == f"/{language}" or path.startswith(f"/{language}/"):
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + f"/{language}"
                environ["PATH_INFO"] = path[len(language) + 1 :] or "/"
                environ["whereas.language"] = language
        return wsgi(environ, start_response)

    return middleware
