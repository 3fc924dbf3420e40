"""Several who decide about the same records, all at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy.orm import Session

from app.alliances import merging, organization_merging
from app.foundation import edge
from app.foundation.web import Whereas

REFUSALS = (
    merging.NotToMerge,
    merging.NotToUndo,
    organization_merging.NotToMerge,
    organization_merging.NotToUndo,
)


def at_once(app: Whereas, *steps: Callable[[Session], Any]) -> int:
    """Each step in a transaction of its own, all begun together; how many were done."""
    ready = Barrier(len(steps))

    def one(step: Callable[[Session], Any]) -> bool:
        with app.app_context():
            ready.wait(10)
            try:
                with edge.step() as session:
                    step(session)
            except REFUSALS:
                return False
        return True

    with ThreadPoolExecutor(len(steps)) as pool:
        return sum(pool.map(one, steps))


def merges(module: Any, model: type[Any], kept: int, gone: int) -> Callable[[Session], Any]:
    return lambda session: module.merge(
        session.get_one(model, kept), session.get_one(model, gone), by=None
    )
