"""An owner ends that we do not e-mail their address; nobody else can."""

from __future__ import annotations

from sqlalchemy import delete, update

from app.foundation.db import db
from app.mail.models import Bounce, Suppression, SuppressionReason
from app.mail.suppression import CAME_BACK


def lift_what_came_back(digest: str) -> None:
    """The owner pressed a link that we mailed: mail arrives, and what came back counts no more."""
    _lift(digest, CAME_BACK)


def lift(digest: str) -> None:
    """The owner asks for our mail again."""
    _lift(digest, frozenset(SuppressionReason))


def _lift(digest: str, reasons: frozenset[SuppressionReason]) -> None:
    theirs = Suppression.digest == digest
    lifted = delete(Suppression).where(theirs, Suppression.reason.in_(reasons))
    db.execute(lifted.execution_options(synchronize_session=False))
    forgiven = update(Bounce).where(Bounce.digest == digest, Bounce.forgiven.is_(False))
    db.execute(forgiven.values(forgiven=True).execution_options(synchronize_session=False))
