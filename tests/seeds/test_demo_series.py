"""The demo's automatic digests: alive from the first minute, and the same when made again."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.digests import items, rota
from app.digests.models import Issue, Series, SeriesName, Told
from app.library import digest_section, partial
from app.mail.models import Delivery, MailingState
from seeds import commands
from seeds.demo_series import NEW


@pytest.mark.parametrize("today", ["2026-11-22T15:00:00Z", "2026-11-26T15:00:00Z"])
def test_a_week_went_out_and_the_next_is_scheduled(db: Session, today: str) -> None:
    with time_machine.travel(today, tick=False):
        assert commands.make_demo() is True
        assert commands.make_demo() is False
        assert set(db.scalars(select(Series.name).where(Series.is_on))) == set(SeriesName)
        coming, sent = rota.latest(SeriesName.WEEKLY, 5)
        assert (sent.mailing.state, coming.mailing.state) == (
            MailingState.DONE,
            MailingState.SCHEDULED,
        )
        assert coming.scheduled_on > sent.scheduled_on
        told = select(func.count()).where(Told.issue_id == sent.id)
        assert db.scalar(told) == 3
        assert [news.title for news in items.of(coming)] == [NEW[0]]
        copies = select(func.count()).where(Delivery.mailing_id == sent.mailing_id)
        assert db.scalar(copies) > 20
        went = db.scalars(
            select(Issue).where(Issue.frozen_at.is_not(None)).order_by(Issue.id)
        ).all()
        assert len(went) == 3
        for issue in went:
            told_then = digest_section.told_in(issue)
            assert told_then is not None
            assert partial.begins(told_then.as_of) <= issue.scheduled_on
