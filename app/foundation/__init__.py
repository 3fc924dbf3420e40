"""What every domain stands on and which knows no domain: database, web, policy, queue, clock."""
