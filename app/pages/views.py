"""All rooms of this folder, so that the application finds their views on one blueprint."""

from __future__ import annotations

from app.pages import (
    alliance,
    demo,
    desk,
    find,
    hand_over,
    home,
    me,
    network,
    operations,
    secretariat,
)
from app.pages.blueprint import blueprint

ROOMS = (alliance, demo, desk, find, hand_over, home, me, network, operations, secretariat)

__all__ = ["ROOMS", "blueprint"]
