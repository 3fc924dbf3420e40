"""Resolution campaigns: bodies and their rules, measures through their stages, votes, support."""
