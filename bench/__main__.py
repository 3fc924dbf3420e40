"""`python -m bench [PART …]`: measure all parts or these, print, and keep in var/bench.json."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

from bench import (
    audiences,
    campaigns,
    figures,
    gatherings,
    ground,
    insides,
    knowledge,
    mail,
    million,
    moving,
    pages,
    start,
)
from bench.figures import Figure
from bench.ground import ROOT, Ground

PARTS: dict[str, tuple[Callable[[Ground], Iterator[Figure]], ...]] = {
    "pages": (insides.measure, pages.measure),
    "mail": (mail.measure,),
    "million": (million.measure,),
    "audiences": (audiences.measure,),
    "gatherings": (gatherings.measure,),
    "campaigns": (campaigns.measure,),
    "moving": (moving.measure,),
    "library": (knowledge.measure,),
    "start": (start.measure,),
}


def main(names: list[str]) -> int:
    """Measure the parts of these names, or all. Missed goals are in the table, not in the code."""
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.stderr.write(f"The parts are {', '.join(PARTS)}; not {', '.join(sorted(unknown))}.\n")
        return 2
    began = time.monotonic()
    measured: list[Figure] = []
    with ground.prepared() as prepared:
        measured.append(Figure("servers and world made", time.monotonic() - began, "s"))
        for name in names or PARTS:
            for measure in PARTS[name]:
                for figure in measure(prepared):
                    sys.stderr.write(f"{figure.name}: {figure.value:.2f} {figure.unit}\n")
                    measured.append(figure)
    figures.write(measured, ROOT / "var" / "bench.json")
    print(figures.table(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
