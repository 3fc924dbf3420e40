"""Absolute links for mails and feeds, made from BASE_URL and never from a request's Host."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.routing import Map, MapAdapter

from app.foundation import language as languages


def absolute(endpoint: str, *, language: str = languages.DEFAULT, **values: Any) -> str:
    """The full address of a page in a language."""
    root = "/" if language == languages.DEFAULT else f"/{language}"
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    adapter = _adapter(app.url_map, app.config["BASE_URL"], root)
    return _built(adapter, endpoint, tuple(values.items()))


def absolute_path(path: str, *, language: str = languages.DEFAULT) -> str:
    """The full address of a page of which we keep the path, in a language."""
    root = "" if language == languages.DEFAULT else f"/{language}"
    return f"{current_app.config['BASE_URL'].rstrip('/')}{root}{path}"


@lru_cache(maxsize=4096)
def _built(adapter: MapAdapter, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    """Built once, for a page names itself in each language and those beside it."""
    return str(adapter.build(endpoint, dict(values), force_external=True))


@lru_cache(maxsize=16)
def _adapter(addresses: Map, base_url: str, root: str) -> MapAdapter:
    base = urlsplit(base_url)
    return addresses.bind(base.netloc, root, url_scheme=base.scheme)


def static_url(name: str) -> str:
    """The address of a static file, new whenever its content is."""
    return f"/static/{name}?v={_fingerprint(str(current_app.root_path), name)}"


@cache
def _fingerprint(root: str, name: str) -> str:
    return hashlib.sha256((Path(root) / "static" / name).read_bytes()).hexdigest()[:10]
