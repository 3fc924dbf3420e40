"""Who is looking, and the one rule that each endpoint carries.

Denied by default: an endpoint without `@allow(rule)` answers nobody, and a test fails for it.
A rule is a plain predicate of the viewer and the arguments in the address. False means: sign in
first (nobody is signed in) or 403; a rule raises NotFound for what the viewer may not even know.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, cast

from flask import current_app, g, has_request_context, request
from flask_login import current_user
from werkzeug.local import LocalProxy

from app.foundation import clock

FRESH = timedelta(minutes=10)
"""How long after the password or a fresh link the delicate acts are open (SECURITY: `r`)."""

View = TypeVar("View", bound=Callable[..., Any])


class Rule(Protocol):
    def __call__(self, viewer: Viewer, /, **address: Any) -> bool: ...


@dataclass(frozen=True)
class LedAlliance:
    """An alliance that the viewer coordinates today."""

    id: int
    slug: str
    name: str


@dataclass
class Viewer:
    """Whoever makes this request; roles are read anew on each one."""

    person_id: int | None = None
    person_name: str = ""
    language: str = ""
    session_id: int | None = None
    csrf_token: str = ""
    fresh_at: datetime | None = None
    national_roles: Collection[str] = field(default_factory=frozenset)
    alliances_led: Sequence[LedAlliance] = ()

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def is_authenticated(self) -> bool:
        """Flask-Login's name for `is_signed_in`."""
        return self.is_signed_in

    @property
    def is_active(self) -> bool:
        return self.is_signed_in

    @property
    def is_anonymous(self) -> bool:
        return not self.is_signed_in

    def get_id(self) -> str | None:
        return None if self.session_id is None else str(self.session_id)

    @property
    def is_staff(self) -> bool:
        return "staff" in self.national_roles

    @property
    def is_admin(self) -> bool:
        return "admin" in self.national_roles

    @property
    def is_fresh(self) -> bool:
        """Whether the viewer proved who they are within the last ten minutes."""
        return self.fresh_at is not None and clock.now() - self.fresh_at <= FRESH

    def leads(self, alliance_id: int) -> bool:
        return any(led.id == alliance_id for led in self.alliances_led)


def current_viewer() -> Viewer:
    """Flask-Login's, asked for once; without a cookie it is nobody, whom it need not look for."""
    if not has_request_context():
        return Viewer()
    found: Viewer | None = g.get("viewer")
    if found is None:
        found = current_user._get_current_object() if request.cookies else Viewer()  # noqa: SLF001  the way of proxies
        g.viewer = found
    return found


viewer: Viewer = cast(Viewer, LocalProxy(cast(Callable[[], Any], current_viewer)))
"""The same for who looks once; each look through it costs as much as the whole of the other."""


def allow(rule: Rule) -> Callable[[View], View]:
    """Say who may call an endpoint; goes below the route."""

    def mark(view: View) -> View:
        view.rule = rule  # type: ignore[attr-defined]  # the one place where a view gets its rule
        return view

    return mark


def open_to_programs(view: View) -> View:
    """Let mail programs and other services post to an endpoint, from wherever they are.

    A secret in its address or a signature guards it, so that there is nothing to forge; goes below
    the route.
    """
    view.open_to_programs = True  # type: ignore[attr-defined]  # as with its rule
    return view


def is_open_to_programs(view: Callable[..., Any]) -> bool:
    return getattr(view, "open_to_programs", False)


def from_before(answer: Callable[..., Any]) -> Callable[[View], View]:
    """Say what answers a form that was made before its browser signed in, and so has no token.

    It gets what the view would get, and changes nothing; goes below the route.
    """

    def mark(view: View) -> View:
        view.from_before = answer  # type: ignore[attr-defined]  # as with its rule
        return view

    return mark


def answer_from_before(view: Callable[..., Any]) -> Callable[..., Any] | None:
    return getattr(view, "from_before", None)


def takes_files(view: View) -> View:
    """Let forms with a file be posted to an endpoint: more at once than other forms may send."""
    view.takes_files = True  # type: ignore[attr-defined]  # as with its rule
    return view


def may_send_files(view: Callable[..., Any]) -> bool:
    return getattr(view, "takes_files", False)


def rule_of(view: Callable[..., Any]) -> Rule | None:
    return cast("Rule | None", getattr(view, "rule", None))


def anyone(_viewer: Viewer, /, **_address: Any) -> bool:
    return True


def signed_in(viewer: Viewer, /, **_address: Any) -> bool:
    return viewer.is_signed_in


def staff(viewer: Viewer, /, **_address: Any) -> bool:
    return viewer.is_staff


def admin(viewer: Viewer, /, **_address: Any) -> bool:
    return viewer.is_admin


def staff_or_admin(viewer: Viewer, /, **_address: Any) -> bool:
    return viewer.is_staff or viewer.is_admin


def nobody(_viewer: Viewer, /, **_address: Any) -> bool:
    return False


def demo_only(_viewer: Viewer, /, **_address: Any) -> bool:
    return bool(current_app.config["DEMO"])
