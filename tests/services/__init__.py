"""Real servers for the tests: PostgreSQL, Redis, SMTP, and a browser to look with.

Each is taken from what the machine has, else from packages that bring its binaries. What cannot be
had makes the tests that need it fail with a sentence (`Unavailable`); nothing is skipped.
"""
