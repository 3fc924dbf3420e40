"""Tests about the code itself: what a reader could check by eye, and no reader does twice."""
