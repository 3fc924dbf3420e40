"""Who may do what in accounts, and the acts that ask first who you are."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, redirect, request, url_for

from app.foundation.db import SAFE_METHODS
from app.foundation.policy import viewer
from app.foundation.web import here, host_of, safe_next


def require_fresh() -> None:
    """Let through who proved within ten minutes who they are; send others to do so and return.

    Put it first in the view of a delicate act, and of the page with its form, so that nothing
    typed is lost.
    """
    if not viewer.is_fresh:
        abort(redirect(url_for("accounts.reauthenticate", next=_here()), 303))


def _here() -> str:
    """This page, or the page whose form was sent."""
    if request.method in SAFE_METHODS:
        return here()
    referrer = request.referrer or ""
    if host_of(referrer) != request.host:
        return url_for("pages.me")
    return safe_next(urlsplit(referrer).path) or url_for("pages.me")
