"""Mail that arrives once: single messages, mailings to many, and the engine under both."""
