"""Digests: what staff write, who gets it, what each person's copy holds."""
