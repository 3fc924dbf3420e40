"""Phone numbers in one form, and as people in the United States read them.

What a country's numbers look like is much to know; it is loaded with the first number.
"""

from __future__ import annotations

from collections.abc import Callable

from app.foundation.later import later


class WrongPhone(ValueError):
    """Not the number of any phone."""


canonical: Callable[[str], str] = later("app.people.phone_numbers:canonical")
readable: Callable[[str], str] = later("app.people.phone_numbers:readable")
callable_as: Callable[[str], str] = later("app.people.phone_numbers:callable_as")
