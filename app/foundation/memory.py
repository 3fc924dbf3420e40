"""What a process has loaded once it is ready stays: the garbage collector need not look at it."""

from __future__ import annotations

import gc

NEW_OBJECTS = 20_000
"""Collect after so many: a mail makes some thirty that are freed without the collector."""


def settle() -> None:
    """Take what is there now out of the collector's rounds, and let these be rarer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)
