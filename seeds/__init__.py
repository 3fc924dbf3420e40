"""What a database begins with: reference data, a demo world, and any number of people."""
