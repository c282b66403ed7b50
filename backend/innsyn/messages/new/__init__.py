"""Whom one can write to, and what to know before writing."""
