"""What `phones` tells, by the plans of all countries' numbers."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from app.people.phones import WrongPhone

HOME = "US"
"""Where a number without a country code is from."""


def canonical(raw: str) -> str:
    """`(614) 555-0100` as `+16145550100`; raises WrongPhone."""
    try:
        number = phonenumbers.parse(raw, HOME)
    except NumberParseException as error:
        raise WrongPhone(raw) from error
    if not phonenumbers.is_possible_number(number):
        raise WrongPhone(raw)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def readable(phone: str) -> str:
    """A kept number as people write it: (614) 555-0100, and abroad with its country."""
    try:
        number = phonenumbers.parse(phone, HOME)
    except NumberParseException:
        return phone
    at_home = number.country_code == phonenumbers.country_code_for_region(HOME)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def callable_as(phone: str) -> str:
    """The number for a `tel:` link, also where an older one was kept as it was typed."""
    try:
        return canonical(phone)
    except WrongPhone:
        return "".join(each for each in phone if each.isdecimal() or each == "+")
