"""When an issue would be through, told before it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from app.digests import audience, subject_words, subjects
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.db import db
from app.mail import forecast, providers, queries, quiet_hours
from app.mail.forecast import Load
from app.mail.rates import Limits
from app.people.models import Address, Person


@dataclass(frozen=True)
class End:
    """In words, and whether the issue would be too old before everybody has it.

    Of one that tries several subjects, how many get it first, and when the others' copies leave.
    """

    when: str
    too_late: bool
    first: int = 0
    rest_from: str = ""


def end_of(
    issue: Issue, people: int, viewer_id: int, *, wait: timedelta, good_for: timedelta
) -> End:
    """When an issue that staff send now is through, by the viewer's clock."""
    begin = clock.now() + wait
    by_provider = _by_provider(issue) if Limits.configured().by_provider else {}
    before = forecast.waiting_before()
    home = db.scalar(select(Person.time_zone).where(Person.id == viewer_id)) or clock.HOME_ZONE
    test = subjects.of(issue.id)
    if test is None:
        end = forecast.finish(Load(people + before, by_provider, at_any_hour=True), begin)
        return End(forecast.in_words(end, home), end > begin + good_for)
    first = people * test.share // 100
    rest_from = begin + timedelta(hours=test.hours)
    tried = forecast.finish(Load(first + before, at_any_hour=True), begin)
    rest = Load(
        people - first,
        {name: number * (100 - test.share) // 100 for name, number in by_provider.items()},
        at_any_hour=rest_from < begin + quiet_hours.NOW_MEANS,
    )
    end = forecast.finish(rest, max(tried, rest_from))
    told = subject_words.moment(rest_from, home)
    return End(forecast.in_words(end, home), end > begin + good_for, first, told)


def _by_provider(issue: Issue) -> Mapping[str, int]:
    receivers = audience.receivers(audience.of(issue)).subquery()
    domain = queries.domain_of(Address.email).label("domain")
    rows = db.execute(
        select(domain, func.count())
        .select_from(receivers)
        .join(Person, Person.id == receivers.c.person_id)
        .join(Address, Address.id == Person.address_id)
        .group_by(domain)
    )
    found: Counter[str] = Counter()
    for name, number in rows:
        found[providers.of_domain(name)] += number
    return found
