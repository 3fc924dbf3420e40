"""Languages: `/es/…` is every page in Spanish, and a person's own choice holds where they sign in.

The prefix is taken off before routing and becomes part of SCRIPT_NAME, so that every link made by
`url_for` stays in the language, no cookie is needed, and caches keep the two apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale

from app.foundation.policy import viewer

LANGUAGES = {"en": "English", "es": "Español"}
DEFAULT = "en"


def init_app(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = f"{app.root_path}/translations"
    Babel(app, locale_selector=current, default_locale=DEFAULT)


def current() -> str:
    """The language of this page: the address's, else the signed-in person's, else English."""
    if "forced_language" in g:
        return str(g.forced_language)
    if not has_request_context():
        return DEFAULT
    if "whereas.language" in request.environ:
        return str(request.environ["whereas.language"])
    return viewer.language or DEFAULT


def other_language_url() -> str:
    """This page in the other language."""
    root = request.environ.get("whereas.root", "")
    prefix = "" if current() == "es" else "/es"
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return f"{root}{prefix}{request.path}{query}"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Render something in a person's language, whatever the page's is."""
    before = g.get("forced_language")
    g.forced_language = language if language in LANGUAGES else DEFAULT
    try:
        with force_locale(g.forced_language):
            yield
    finally:
        if before is None:
            g.pop("forced_language")
        else:
            g.forced_language = before


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
