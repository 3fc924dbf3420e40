"""What somebody typed into a form that was refused, so that it is not lost with its page.

The page of the error shows it, and offers to send it again where signing in or a fresh token
helps. Only a form of which the browser itself says that one of our pages sent it is shown again,
and nothing of it happens before somebody presses the button there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from app.foundation.web import host_of

SECRET = frozenset({"csrf_token", "password", "code", "proof"})
"""Fields that no page shows again."""


@dataclass(frozen=True)
class Unsent:
    """The fields of a refused form, and whether it may go again as it is."""

    fields: Sequence[tuple[str, str]]
    may_go_again: bool

    @property
    def texts(self) -> Sequence[str]:
        """What people would have to write anew: more than a word."""
        return [value for _name, value in self.fields if len(value.split()) > 1]


def unsent(*, helps: bool) -> Unsent | None:
    """What the form of this request holds; `helps` says whether sending it again may.

    Files are not kept, so that a form with one does not go again.
    """
    if request.method != "POST" or not _is_ours():
        return None
    try:
        sent = request.form
    except RequestEntityTooLarge:
        return None
    fields = [pair for pair in sent.items(multi=True) if pair[0] not in SECRET]
    return Unsent(fields, helps and not request.files) if fields else None


def _is_ours() -> bool:
    """Whether the browser says that one of our pages sent the form; silence is no yes."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    return host_of(origin) == request.host if origin is not None else site is not None
