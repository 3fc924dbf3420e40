"""Typesets one document: run as a program of its own, order in, PDF or PNG out (see documents).

Whatever a template does, it does it here: with little time, little memory, and no part in the
process that answers people.
"""

from __future__ import annotations

import json
import resource
import sys

import typst

MOST_SECONDS = 20
MOST_MEMORY = 2_000_000_000
"""Addresses, not memory in use: fonts are mapped from their files."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    order = json.load(sys.stdin.buffer)
    made = typst.compile(
        order["template"],
        root=order["root"],
        sys_inputs={"values": json.dumps(order["values"])},
        timestamp=order["timestamp"],
        format=order["format"],
        ppi=72,
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
