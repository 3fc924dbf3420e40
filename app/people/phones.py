"""Phone numbers of the United States as people write them, in the one form that we keep."""

from __future__ import annotations

import phonenumbers


class WrongPhone(ValueError):
    """Not a phone number that can be dialed from the United States."""


def canonical(raw: str) -> str:
    """`(614) 555-0100` as `+16145550100`; raises WrongPhone."""
    try:
        number = phonenumbers.parse(raw, "US")
    except phonenumbers.NumberParseException:
        raise WrongPhone(raw) from None
    if not phonenumbers.is_possible_number(number):
        raise WrongPhone(raw)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
