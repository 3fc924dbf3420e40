"""Observances and their editions, events, the people who sign up, reminders, calendars."""
