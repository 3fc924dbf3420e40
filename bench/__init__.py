"""How fast the program is, measured on real servers beside what is bare: `make bench`."""
