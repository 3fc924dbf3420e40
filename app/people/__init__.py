"""People, their addresses, what they agreed to, and who looked at their details."""
