"""Background work of upkeep: the ledger and the backups that are made by themselves."""

from __future__ import annotations

from flask import current_app

from app.foundation import edge
from app.upkeep import ledger, shelf
from tasks.celery_app import celery


@celery.task(name="upkeep.sweep", soft_time_limit=240, time_limit=280)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Write the ledger, and a backup where one is due."""
    folder = shelf.folder()
    if folder is None:
        return
    try:
        with edge.reading():
            ledger.write(folder)
        shelf.make_due()
    except OSError as error:
        current_app.logger.error("the backup cannot be written: %s", error)  # noqa: TRY400  the sentence says it
