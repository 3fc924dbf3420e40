"""Real processes, killed while mail goes out; every copy is counted at the server."""
