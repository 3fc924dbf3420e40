"""SPF records as receivers read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from app.mail.spf import BadRecord, Walk

IP = "192.0.2.10"


class Zone:
    """Lookups from a dictionary."""

    def __init__(self, texts: Mapping[str, str | Sequence[str]]) -> None:
        self._texts = texts

    def texts(self, name: str) -> Sequence[str]:
        found = self._texts.get(name, [])
        return [found] if isinstance(found, str) else found

    def addresses(self, name: str) -> Sequence[str]:
        return {"a.example": [IP], "mx1.a.example": ["192.0.2.99"]}.get(name, [])

    def mail_servers(self, name: str) -> Sequence[str]:
        return ["mx1.a.example"] if name == "a.example" else []


def result(record: str | Sequence[str], ip: str = IP, **others: str) -> str:
    texts = {name.replace("_", "."): text for name, text in others.items()}
    return Walk(Zone({"a.example": record, **texts}), ip).result("a.example")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ([], "none"),
        ("v=spf10 -all", "none"),
        ("v=spf1", "neutral"),
        ("v=spf1 -all", "fail"),
        ("v=spf1 ~all", "softfail"),
        ("V=SPF1 ?ALL", "neutral"),
        ("v=spf1 +all", "pass"),
        ("v=spf1 ip4:192.0.2.10 -all", "pass"),
        ("v=spf1 ip4:192.0.2.0/28 -all", "pass"),
        ("v=spf1 -ip4:192.0.2.10 +all", "fail"),
        ("v=spf1 ip4:192.0.2.11 -all", "fail"),
        ("v=spf1 ip6:2001:db8::/32 -all", "fail"),
        ("v=spf1 a -all", "pass"),
        ("v=spf1 a:b.example -all", "fail"),
        ("v=spf1 mx -all", "fail"),
        ("v=spf1 mx/24 -all", "pass"),
        ("v=spf1 exists:x.example ptr -all", "fail"),
        ("v=spf1 exp=x.example unknown=y -all", "fail"),
    ],
)
def test_a_record_is_read_from_left_to_right(record: str | list[str], expected: str) -> None:
    assert result(record) == expected


def test_addresses_of_the_newer_kind_fit_too() -> None:
    assert result("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::7") == "pass"


def test_includes_and_redirects_are_followed() -> None:
    other = "v=spf1 ip4:192.0.2.10 -all"
    assert result("v=spf1 include:b.example -all", b_example=other) == "pass"
    assert result("v=spf1 include:b.example ~all", b_example="v=spf1 -all") == "softfail"
    assert result("v=spf1 redirect=b.example", b_example=other) == "pass"
    assert result("v=spf1 redirect=b.example -all", b_example=other) == "fail"


@pytest.mark.parametrize(
    "record",
    [
        ["v=spf1 -all", "v=spf1 ~all"],
        "v=spf1 include:nobody.example -all",
        "v=spf1 redirect=nobody.example",
        "v=spf1 ip4:nonsense -all",
        "v=spf1 ip4:192.0.2.0/99 -all",
        "v=spf1 nonsense -all",
        "v=spf1 exists:%{i}.x.example -all",
        "v=spf1 include:a.example -all",
        "v=spf1 " + "a:b.example " * 11 + "-all",
    ],
)
def test_a_record_that_receivers_refuse_is_named(record: str | list[str]) -> None:
    with pytest.raises(BadRecord):
        result(record)


def test_without_an_address_the_whole_record_is_walked() -> None:
    assert (
        result("v=spf1 ip4:192.0.2.10 a mx include:b.example ~all", "", b_example="v=spf1 +all")
        == "softfail"
    )
    with pytest.raises(BadRecord):
        result("v=spf1 " + "include:b.example " * 11 + "-all", "", b_example="v=spf1 -all")
