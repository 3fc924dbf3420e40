"""The benchmarks: their own arithmetic, and the load that they put on servers."""
