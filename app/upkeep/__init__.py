"""Running the program with few people: backups, restoring, the ledger beside them, health."""
