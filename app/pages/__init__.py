"""Pages that show several domains: home, find, my page, health."""
