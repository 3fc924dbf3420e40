"""Every endpoint carries one rule, and every address has one endpoint."""

from __future__ import annotations

from collections import Counter

from app.foundation.policy import rule_of
from app.foundation.web import Whereas
from tests.conftest import MakeApp


def unguarded(app: Whereas) -> list[str]:
    return sorted(
        str(rule)
        for rule in app.url_map.iter_rules()
        if not rule_of(app.view_functions[rule.endpoint])
    )


def test_each_endpoint_has_a_rule(app: Whereas) -> None:
    assert unguarded(app) == []


def test_an_endpoint_without_a_rule_is_noticed_and_answers_nobody(make_app: MakeApp) -> None:
    app = make_app()
    app.add_url_rule("/open-door", "open_door", lambda: "come in")
    assert unguarded(app) == ["/open-door"]
    assert app.test_client().get("/open-door").status_code == 403


def test_each_address_is_answered_by_one_endpoint(app: Whereas) -> None:
    answers = Counter(
        (method, str(rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )
    assert [address for address, times in answers.items() if times > 1] == []
