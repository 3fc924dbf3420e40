"""Run a module as where some packages are not installed: `python -m bench.lean A,B MODULE …`."""

from __future__ import annotations

import runpy
import sys

if __name__ == "__main__":
    names, module = sys.argv[1:3]
    for name in names.split(","):
        sys.modules[name] = None  # type: ignore[assignment]  # so that importing it fails
    del sys.argv[:2]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
