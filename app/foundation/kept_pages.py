"""Public pages as they were a moment ago, kept by each process for visitors without a cookie.

A view marked `@same_for_visitors` promises that its page tells each of them the same. Whoever
carries a cookie, or comes back from a form (`done`), gets a page of their own, and nobody is told
facts older than PAGE_SECONDS.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from flask.wrappers import Response

from app.foundation import logs

LONGEST_QUERY = 100
LARGEST_PAGE = 200_000
MOST_PAGES = 300
"""Of all that somebody may ask for, these many are kept: about 5 MB."""

View = TypeVar("View", bound=Callable[..., Any])
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it left us; `rule` is what the log calls its address."""

    until: float
    rule: str
    etag: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class KeptPages:
    """The pages of one process, the oldest of which make room for new ones."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._pages: dict[Key, Page] = {}
        self._changing = Lock()

    def find(self, key: Key) -> Page | None:
        page = self._pages.get(key)
        return page if page is not None and time.monotonic() < page.until else None

    def keep(self, key: Key, response: Response) -> None:
        page = Page(
            until=time.monotonic() + self._seconds,
            rule=str(request.url_rule),
            etag=response.headers["ETag"],
            headers=tuple(response.headers),
            body=response.get_data(),
        )
        with self._changing:
            self._pages.pop(key, None)
            while len(self._pages) >= MOST_PAGES:
                del self._pages[next(iter(self._pages))]
            self._pages[key] = page


def init_app(app: Flask) -> None:
    """Before the other headers are set, so that pages are kept with them."""
    if app.config["PAGE_SECONDS"]:
        app.extensions["kept_pages"] = KeptPages(app.config["PAGE_SECONDS"])
        app.after_request(_keep)


def same_for_visitors(view: View) -> View:
    """Say that an endpoint tells everybody without a cookie the same; goes below its rule."""
    view.same_for_visitors = True  # type: ignore[attr-defined]  # as with its rule
    return view


def answer(environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes] | None:
    """The answer to a request whose page is kept; None if the page has to be made."""
    kept = cast("KeptPages | None", current_app.extensions.get("kept_pages"))
    key = _key(environ) if kept else None
    page = kept.find(key) if kept and key else None
    if page is None:
        return None
    g.request_id = secrets.token_hex(8)
    unchanged = environ.get("HTTP_IF_NONE_MATCH") == page.etag
    status, body = ("304 NOT MODIFIED", b"") if unchanged else ("200 OK", page.body)
    headers = [pair for pair in page.headers if not (unchanged and pair[0] == "Content-Length")]
    start_response(status, headers)
    logs.note_answer("GET", page.rule, int(status[:3]), 0.0)
    return [body]


def _key(environ: Mapping[str, Any]) -> Key | None:
    """What tells one page from another; None for a request that gets a page of its own."""
    query = environ.get("QUERY_STRING", "")
    if (
        environ["REQUEST_METHOD"] != "GET"
        or "HTTP_COOKIE" in environ
        or "HTTP_AUTHORIZATION" in environ
        or "done=" in query
        or len(query) > LONGEST_QUERY
    ):
        return None
    place = (environ.get(name, "") for name in ("HTTP_HOST", "SCRIPT_NAME", "PATH_INFO"))
    return (environ["wsgi.url_scheme"], *place, query)


def _keep(response: Response) -> Response:
    key = _key(request.environ)
    if key is None or not _is_kept(response):
        return response
    response.vary.add("Cookie")
    response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest())
    current_app.extensions["kept_pages"].keep(key, response)
    if "HTTP_IF_NONE_MATCH" in request.environ:
        response.make_conditional(request.environ)
    return response


def _is_kept(response: Response) -> bool:
    view = current_app.view_functions.get(str(request.endpoint))
    return (
        getattr(view, "same_for_visitors", False)
        and response.status_code == 200
        and response.is_sequence
        and "Set-Cookie" not in response.headers
        and "no-store" not in response.headers.get("Cache-Control", "")
        and (response.content_length or 0) <= LARGEST_PAGE
    )
