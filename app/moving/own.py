"""Lists that coordinators bring for their own alliance: small, and imported when staff say so.

What such a list would do is told without saying who is known elsewhere: that somebody belongs to
another alliance is not theirs to learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.accounts import approvals
from app.accounts.approvals import Waiting
from app.accounts.audit import audit
from app.alliances.models import Alliance
from app.foundation import clock
from app.foundation.db import db
from app.moving import mails, staging
from app.moving.headings import NOT_OWN
from app.moving.models import ImportKind, ImportRun, ImportState
from app.moving.progress import Progress
from app.moving.reading import NotATable, Table
from app.moving.staging import NotNow

MOST_ROWS = 500


class OwnProgress(Progress):
    """Those who are new here and those whom another alliance knows are one number."""

    @property
    def states(self) -> list[tuple[str, str, int, None]]:
        same = self.total - self.wanted - self.refused - self.counts.get(None, 0)
        return [
            ("wanted", _("Valid"), self.wanted, None),
            ("same", _("Here already"), same, None),
            ("refused", _("Refused"), self.refused, None),
        ]


@dataclass(frozen=True)
class Brought:
    """A file of a coordinator, as it was read."""

    name: str
    content: bytes
    table: Table


def bring(alliance: Alliance, brought: Brought, by: int | None) -> ImportRun:
    """Keep the rows of a list for an alliance. Raises NotATable, also for more than 500 rows."""
    rows = list(islice(brought.table.rows, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise NotATable(
            _("The list has more than %(most)s rows. Ask staff to bring it.", most=MOST_ROWS)
        )
    table = replace(brought.table, rows=iter(rows))
    run = staging.begin(
        ImportKind.PEOPLE,
        brought.content,
        table,
        file_name=brought.name,
        by=by,
        alliance_id=alliance.id,
    )
    run.columns = {field: at for field, at in run.columns.items() if field not in NOT_OWN}
    staging.stage_at_once(run, table)
    audit("moving", "file brought", run.id, alliance=alliance.id)
    return run


def of_alliance(alliance_id: int) -> Select[ImportRun]:
    return select(ImportRun).where(ImportRun.alliance_id == alliance_id)


def one_of(alliance_id: int, run_id: int, *, lock: bool = False) -> ImportRun | None:
    query = of_alliance(alliance_id).where(ImportRun.id == run_id)
    return db.scalars(query.with_for_update() if lock else query).first()


def ask(run: ImportRun) -> None:
    """Ask staff to import it. Raises NotNow."""
    if run.state != ImportState.JUDGED or run.approval_asked_at is not None:
        raise NotNow
    run.approval_asked_at, run.not_approved = clock.now(), ""
    audit("moving", "approval asked", run.id)


def take_back(run: ImportRun) -> None:
    """Ask no longer, to change something. Raises NotNow."""
    if not is_asked(run):
        raise NotNow
    run.approval_asked_at = None


def decline(run: ImportRun, reason: str) -> None:
    """Staff do not import it, and say why; it may be mended and asked again. Raises NotNow."""
    if not is_asked(run):
        raise NotNow
    run.approval_asked_at, run.not_approved = None, reason
    audit("moving", "import declined", run.id)
    mails.answered(run)


def is_asked(run: ImportRun) -> bool:
    """Whether it waits for staff: nobody changes what staff look at."""
    return run.state == ImportState.JUDGED and run.approval_asked_at is not None


@approvals.register
def _waiting() -> Sequence[Waiting]:
    """Lists of coordinators, in the list of what waits for staff."""
    rows = db.execute(
        select(ImportRun, Alliance.name)
        .join(Alliance, Alliance.id == ImportRun.alliance_id)
        .where(ImportRun.state == ImportState.JUDGED, ImportRun.approval_asked_at.is_not(None))
    )
    return [
        Waiting(
            title=run.file_name,
            what=_("A list of people for %(alliance)s", alliance=alliance),
            endpoint="moving.run",
            values={"run_id": run.id},
            since=run.approval_asked_at or run.created_at,
        )
        for run, alliance in rows
    ]
