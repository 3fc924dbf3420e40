"""The Flask application class: the transaction at the edge, the rule of each endpoint, headers.

Every request passes `dispatch_request` below: it asks the endpoint's rule, runs the view, and
ends the transaction according to the answer, so that a constraint that fails at commit becomes a
clean 409.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from contextvars import ContextVar
from types import FunctionType
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, abort, g, redirect, request, url_for
from flask.sessions import SecureCookieSession, SessionInterface
from flask.templating import Environment
from flask.typing import ResponseReturnValue
from flask.wrappers import Request as FlaskRequest
from flask.wrappers import Response
from jinja2 import pass_eval_context
from jinja2.runtime import Context
from werkzeug.datastructures import ImmutableDict
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as BaseResponse

from app.foundation import edge, kept_pages
from app.foundation.db import SAFE_METHODS
from app.foundation.later import LaterGroup
from app.foundation.policy import (
    answer_from_before,
    current_viewer,
    is_open_to_programs,
    may_send_files,
    rule_of,
    viewer,
)

Found = TypeVar("Found")
Wsgi = Callable[..., Any]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)

HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
ONLY_HTTPS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")

WITH_FILES = 10_500_000
"""Bytes of a form with one file (see uploads); MAX_CONTENT_LENGTH is for all others."""

script_root: ContextVar[str] = ContextVar("script_root")
"""The prefix of the language in the address that is being answered."""

WANTS_EVAL_CONTEXT: Any = pass_eval_context(lambda _context: None).jinja_pass_arg  # type: ignore[attr-defined]  # Jinja's mark

PLAIN = {str, int}
"""Values in addresses that tell by themselves whether two are the same."""
BESIDES = {"_anchor", "_external", "_method", "_scheme"}
"""What Flask takes beside the values of an address."""
MOST_ADDRESSES = 5000


class NoCookieSession(SessionInterface):
    """Flask's signed cookie is never used: sessions live in a table (see accounts)."""

    def open_session(self, _app: Flask, _request: FlaskRequest) -> SecureCookieSession:
        return SecureCookieSession()

    def save_session(self, _app: Flask, _session: Any, _response: Response) -> None:
        return None


class RowNumber(IntegerConverter):
    """A number in an address; what no database can hold is no page instead of a fault."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: A002  as in its base
        super().__init__(map, *args, **{"max": 2**63 - 1, **kwargs})


class Addresses(Map):
    """The addresses of the program."""

    default_converters = ImmutableDict({**Map.default_converters, "int": RowNumber})


class TemplateContext(Context):
    """What a template knows; it calls as Jinja does, but asks once what is wanted of it."""

    def call(self, called: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if type(called) is not FunctionType:
            return super().call(called, *args, **kwargs)
        wants = called.__dict__.get("jinja_pass_arg")
        if wants is WANTS_EVAL_CONTEXT:
            args = (self.eval_ctx, *args)
        elif wants is not None:
            return super().call(called, *args, **kwargs)
        if kwargs:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


class Templates(Environment):
    """Flask's templates; each gets its globals in one piece, because looking through a chain of
    them took a tenth of each page."""

    context_class = TemplateContext

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


class Whereas(Flask):
    """A Flask application with one transaction for each request and one rule for each endpoint."""

    session_interface = NoCookieSession()
    jinja_environment = Templates
    url_map_class = Addresses
    cli: LaterGroup

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cli = LaterGroup(self.name)

    def wsgi_app(self, environ: Any, start_response: Any) -> Any:
        before = script_root.set(environ.get("SCRIPT_NAME", ""))
        try:
            with self.app_context():  # a context of its own, also inside somebody else's
                start = _securing(environ, start_response)
                kept = kept_pages.answer(environ, start)
                return super().wsgi_app(environ, start) if kept is None else kept
        finally:
            script_root.reset(before)

    def url_for(self, endpoint: str, **values: Any) -> str:
        """As Flask's; an address on this site is built once, for a page has thirty of them."""
        root = script_root.get(None)
        plain = PLAIN.issuperset(map(type, values.values())) and BESIDES.isdisjoint(values)
        if root is None or endpoint[0] == "." or not plain:
            return super().url_for(endpoint, **values)
        key = (root, endpoint, *values.items())
        known: dict[Any, str] = self.extensions.setdefault("addresses", {})
        if key not in known:
            if len(known) >= MOST_ADDRESSES:
                known.clear()
            known[key] = super().url_for(endpoint, **values)
        return known[key]

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: nothing here is `async`, and Flask would look at ten functions on each page."""
        return func

    def dispatch_request(self) -> ResponseReturnValue:
        try:
            response = self.make_response(self._allowed_answer())
        except BaseException:
            edge.abandon()
            raise
        edge.finish(keep=response.status_code < 400)
        return response

    def _allowed_answer(self) -> ResponseReturnValue:
        if request.routing_exception is not None:
            return super().dispatch_request()
        view = self.view_functions[str(request.endpoint)]
        if may_send_files(view):
            request.max_content_length = WITH_FILES
        if not is_open_to_programs(view):
            try:
                refuse_forgery()
            except WithoutToken:
                answer = answer_from_before(view)
                if answer is None:
                    raise
                return cast(ResponseReturnValue, answer(**(request.view_args or {})))
        rule = rule_of(view)
        if rule is None:
            raise Forbidden
        if not rule(current_viewer(), **(request.view_args or {})):
            return refuse()
        return super().dispatch_request()


def refuse() -> ResponseReturnValue:
    """Send a visitor to sign in and anybody else away."""
    if viewer.is_signed_in:
        raise Forbidden
    if request.method in SAFE_METHODS:
        return redirect(url_for("accounts.login", next=here()), 303)
    raise Unauthorized


def here() -> str:
    """The address of this page on this site, with the prefix of its language."""
    return (request.script_root + request.full_path).rstrip("?")


class WithoutToken(Forbidden):
    """A form of this site, but not one that was made for who is signed in now."""


def refuse_forgery() -> None:
    """Refuse a form sent from another site, and a signed-in one without its token."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden
    origin = request.headers.get("Origin")
    if origin is not None and host_of(origin) != request.host:
        raise Forbidden
    if viewer.is_signed_in:
        sent = request.form.get("csrf_token") or request.headers.get("X-CSRF-Token", "")
        if not secrets.compare_digest(sent.encode(), viewer.csrf_token.encode()):
            raise WithoutToken


def host_of(url: str) -> str:
    """The host that a header names, with its port; empty for what is no address."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def find_or_404(found: Found | None) -> Found:
    """What was looked for, or 404."""
    if found is None:
        abort(404)
    return found


def see_other(endpoint: str, *, done: str = "", **values: Any) -> BaseResponse:
    """After a form: go and look at `endpoint`; `done` names the notice to show there."""
    if done:
        values["done"] = done
    return redirect(url_for(endpoint, **values), 303)


def safe_next(raw: str | None) -> str | None:
    """An address on this site to go on to, or None for anything that leads elsewhere."""
    if not raw or not raw.startswith("/") or raw.startswith(("//", "/\\")) or "\\" in raw:
        return None
    if any(ord(char) < 0x21 for char in raw):
        return None
    parts = urlsplit(raw)
    return None if parts.scheme or parts.netloc else raw


def init_app(app: Flask, middlewares: Iterable[Callable[[Wsgi], Wsgi]] = ()) -> None:
    app.before_request(_refuse_odd_requests)
    app.after_request(_keep_private)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    for middleware in middlewares:
        app.wsgi_app = middleware(app.wsgi_app)  # type: ignore[method-assign]


def _refuse_odd_requests() -> None:
    """Refuse NUL in addresses (databases do) and hosts that are not ours."""
    g.request_id = g.get("request_id") or secrets.token_hex(8)
    if "\x00" in request.path or any("\x00" in v for vs in request.args.listvalues() for v in vs):
        abort(400)


def _securing(environ: Any, start_response: Any) -> Any:
    """Add what each answer says to browsers, unless its view has said otherwise."""

    def start(status: str, headers: Sequence[tuple[str, str]], *rest: Any) -> Any:
        said = {name for name, _value in headers}
        more = [pair for pair in HEADERS if pair[0] not in said]
        if environ["wsgi.url_scheme"] == "https":
            more.append(ONLY_HTTPS)
        more.append(("X-Request-Id", g.get("request_id", "")))
        return start_response(status, [*headers, *more], *rest)

    return start


def _keep_private(response: Response) -> Response:
    """Say who may keep the answer: nobody what is one person's own."""
    headers = response.headers
    if request.cookies or response.status_code >= 400:
        headers["Cache-Control"] = "no-store"
    elif "token" in (request.view_args or {}):  # somebody's own, like a cookie
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Robots-Tag"] = "noindex"
    elif request.method in SAFE_METHODS:
        headers.setdefault("Cache-Control", "no-cache")
    return response
