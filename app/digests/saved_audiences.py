"""Saved audiences: a choice of people with a name, which several issues may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select, update

from app.accounts.audit import audit
from app.digests import queries, tree
from app.digests.models import Issue, SavedAudience
from app.digests.tree import Group
from app.foundation import clock, edge
from app.foundation.db import db
from app.foundation.web import find_or_404
from app.mail.models import Mailing, MailingState


class NameTaken(Exception):
    """Another saved audience has this name."""


class StaleAudience(edge.Conflict):
    """Somebody else saved the audience, or the draft's, since the page was opened."""


@dataclass(frozen=True)
class Uses:
    """Which issues a saved audience is for: drafts follow it, scheduled ones keep their copy."""

    drafts: Sequence[Issue]
    scheduled: Sequence[Issue]


def every() -> Select[SavedAudience]:
    """All, for the list."""
    return select(SavedAudience)


def names() -> Sequence[tuple[int, str]]:
    """Ids and names, for choosing one."""
    query = select(SavedAudience.id, SavedAudience.name).order_by(SavedAudience.name)
    return [(number, name) for number, name in db.execute(query)]


def one(audience_id: int) -> SavedAudience:
    """A saved audience, or 404."""
    return find_or_404(db.get(SavedAudience, audience_id))


def create(name: str, chosen: Group, *, by_id: int) -> SavedAudience:
    """Raises NameTaken."""
    _require_free(name)
    now = clock.now()
    made = SavedAudience(
        name=name,
        chosen=tree.as_json(chosen),
        created_by_id=by_id,
        created_at=now,
        updated_at=now,
    )
    db.add(made)
    db.flush()
    audit("digests", "audience saved", made.id)
    return made


def save(audience_id: int, name: str, chosen: Group, *, version: int) -> SavedAudience:
    """Change one that was read in this version; raises StaleAudience or NameTaken."""
    found = _locked(audience_id)
    if found.version != version:
        raise StaleAudience(f"audience {found.id} is at version {found.version}")
    _require_free(name, but=found.id)
    found.name = name
    found.chosen = tree.as_json(chosen)
    found.version += 1
    found.updated_at = clock.now()
    audit("digests", "audience saved", found.id)
    return found


def delete(audience_id: int) -> None:
    """Forget it; drafts that use it keep its conditions as their own."""
    found = _locked(audience_id)
    db.execute(
        update(Issue)
        .where(Issue.saved_audience_id == found.id, Issue.mailing_id.is_(None))
        .values(chosen=found.chosen, saved_audience_id=None, version=Issue.version + 1)
        .execution_options(synchronize_session=False)
    )
    audit("digests", "audience deleted", found.id)
    db.delete(found)


def uses(found: SavedAudience) -> Uses:
    """Which issues use it, or were scheduled for it and have not started."""
    issues = db.scalars(
        select(Issue)
        .outerjoin(Mailing, Mailing.id == Issue.mailing_id)
        .where(
            Issue.saved_audience_id == found.id,
            or_(Mailing.id.is_(None), Mailing.state == MailingState.SCHEDULED),
        )
        .order_by(Issue.id)
    ).all()
    return Uses(
        drafts=[issue for issue in issues if issue.mailing_id is None],
        scheduled=[issue for issue in issues if issue.mailing_id is not None],
    )


def use(issue_id: int, audience_id: int, *, version: int) -> bool:
    """Let a draft that was read in this version follow a saved audience; False if it is no draft
    any more. Raises StaleAudience."""
    return _aim(issue_id, version, saved_audience_id=one(audience_id).id)


def choose(issue_id: int, chosen: Group, *, version: int) -> bool:
    """Give a draft that was read in this version conditions of its own; False if it is no draft
    any more. Raises StaleAudience."""
    return _aim(issue_id, version, saved_audience_id=None, chosen=tree.as_json(chosen))


def _aim(issue_id: int, version: int, **values: Any) -> bool:
    issue = queries.locked(issue_id)
    if issue.mailing_id is not None:
        return False
    if issue.version != version:
        raise StaleAudience(f"issue {issue.id} is at version {issue.version}")
    _change(issue, values)
    return True


def _change(issue: Issue, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(issue, name, value)
    issue.version += 1
    issue.updated_at = clock.now()


def _locked(audience_id: int) -> SavedAudience:
    return find_or_404(
        db.get(SavedAudience, audience_id, with_for_update=True, populate_existing=True)
    )


def _require_free(name: str, *, but: int = 0) -> None:
    taken = select(SavedAudience.id).where(
        func.lower(SavedAudience.name) == name.lower(), SavedAudience.id != but
    )
    if db.scalar(taken) is not None:
        raise NameTaken(name)
