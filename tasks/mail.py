"""Background work of mail: the sweep finds what is due and wakes workers, who send it."""

from __future__ import annotations

from flask import current_app

from app.foundation import edge, queue
from app.mail import bounce_mailbox, engine, journal, reply_mailbox, tidying
from app.mail.imap_folder import MailboxDown
from tasks.celery_app import celery

MOST_WORKERS = 4
_FORGETTING = (
    tidying.blank_old_messages,
    tidying.forget_old_copies,
    tidying.forget_old_rates,
    tidying.forget_old_bounces,
)


@celery.task(name="mail.sweep", soft_time_limit=240, time_limit=280)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Find what is due. Writing a million deliveries takes longer than other tasks may."""
    due = engine.sweep()
    for _ in range(min(due.batches + bool(due.messages), MOST_WORKERS)):
        queue.publish("mail.work")


@celery.task(name="mail.work")  # type: ignore[untyped-decorator]
def work() -> None:
    """Send what is due, and pass the rest on."""
    if engine.work():
        queue.publish("mail.work")


@celery.task(name="mail.read_bounces")  # type: ignore[untyped-decorator]
def read_bounces() -> None:
    """Read what came back, where a mailbox is set."""
    url = current_app.config["BOUNCE_IMAP_URL"]
    if not url:
        return
    try:
        bounce_mailbox.read(url)
    except MailboxDown as down:
        current_app.logger.warning("the bounce mailbox cannot be read: %s", down)


@celery.task(name="mail.read_replies")  # type: ignore[untyped-decorator]
def read_replies() -> None:
    """Count who replied, where a mailbox is set."""
    url = current_app.config["REPLY_IMAP_URL"]
    if not url:
        return
    try:
        reply_mailbox.read(url)
    except MailboxDown as down:
        current_app.logger.warning("the mailbox of replies cannot be read: %s", down)


@celery.task(name="mail.tidy")  # type: ignore[untyped-decorator]
def tidy() -> None:
    """Forget what is old, some thousand rows at a time."""
    journal.tidy()
    for forget in _FORGETTING:
        more = True
        while more:
            with edge.step():
                more = forget() > 0
