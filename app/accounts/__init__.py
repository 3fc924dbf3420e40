"""Joining, signing in and out, links and codes, national roles, the audit."""
