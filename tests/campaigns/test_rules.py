"""The values of rules: each is read, written and refused by its own fields."""

from __future__ import annotations

from datetime import date

import pytest

from app.campaigns import rules
from app.campaigns.body_models import RuleKey
from app.campaigns.counting import Counting
from app.campaigns.rules import Lead, Posting, Referral, Review, Silence, WrongRule

WHOLE = {
    RuleKey.AGENDA_POSTING: {"hours": 72, "weekends": False},
    RuleKey.FILING: {"days": 14, "counting": "working"},
    RuleKey.ASKING: {"days": 30, "counting": "calendar"},
    RuleKey.REFERRAL: {"needed": True, "days": 7, "committee": "Rules"},
    RuleKey.PUBLIC_COMMENT: {"hours": 24, "minutes": 3},
    RuleKey.EXECUTIVE_REVIEW: {
        "days": 10,
        "counting": "no_sundays",
        "silence": "kills",
        "override": "two_thirds",
        "override_days": None,
    },
    RuleKey.PROCLAMATION: {"days": 20, "counting": "calendar"},
    RuleKey.SPONSORS: {"least": 2, "who": "members of the committee"},
    RuleKey.VOTES: {"share": "majority", "of": "present", "quorum": 4},
    RuleKey.TEXT_LIMITS: {"most_clauses": 6, "most_characters": 1800},
    RuleKey.SPECIAL_NOTICE: {"hours": 24, "weekends": True},
    RuleKey.ATTESTATION: {"who": "City Clerk"},
}


def test_each_key_has_a_value() -> None:
    assert set(rules.VALUES) == set(RuleKey) == set(WHOLE)


@pytest.mark.parametrize("key", RuleKey)
def test_a_whole_value_is_written_as_it_was_read(key: RuleKey) -> None:
    assert rules.written(rules.read(key, WHOLE[key])) == WHOLE[key]


def test_values_have_their_types() -> None:
    assert rules.read(RuleKey.AGENDA_POSTING, {"hours": 72}) == Posting(72, weekends=True)
    assert rules.read(RuleKey.FILING, WHOLE[RuleKey.FILING]) == Lead(14, Counting.WORKING)
    assert rules.read(RuleKey.REFERRAL, {"needed": False}) == Referral(needed=False)
    review = rules.read(RuleKey.EXECUTIVE_REVIEW, WHOLE[RuleKey.EXECUTIVE_REVIEW])
    assert review == Review(10, Counting.NO_SUNDAYS, Silence.KILLS)


@pytest.mark.parametrize(
    ("key", "raw", "field"),
    [
        (RuleKey.AGENDA_POSTING, {}, "hours"),
        (RuleKey.AGENDA_POSTING, {"hours": -1}, "hours"),
        (RuleKey.AGENDA_POSTING, {"hours": 100_000}, "hours"),
        (RuleKey.AGENDA_POSTING, {"hours": "72"}, "hours"),
        (RuleKey.AGENDA_POSTING, {"hours": True}, "hours"),
        (RuleKey.AGENDA_POSTING, {"hours": None}, "hours"),
        (RuleKey.AGENDA_POSTING, {"hours": 72, "weekends": "yes"}, "weekends"),
        (RuleKey.FILING, {"days": 14, "counting": "banking"}, "counting"),
        (RuleKey.FILING, {"hours": 14}, "hours"),
        (RuleKey.SPONSORS, {"least": 0}, "least"),
        (RuleKey.ATTESTATION, {"who": "x" * 501}, "who"),
        (RuleKey.ATTESTATION, {"who": 7}, "who"),
    ],
)
def test_a_value_that_does_not_fit_names_its_field(
    key: RuleKey, raw: dict[str, object], field: str
) -> None:
    with pytest.raises(WrongRule) as refusal:
        rules.read(key, raw)
    assert (refusal.value.key, refusal.value.field) == (key, field)


def test_a_rule_is_stale_after_a_year() -> None:
    assert not rules.is_stale(date(2026, 7, 17), date(2027, 7, 17))
    assert rules.is_stale(date(2026, 7, 16), date(2027, 7, 17))
