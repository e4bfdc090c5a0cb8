"""Measurements: commands, not tests. Every answer is checked before it is timed."""
