"""Whose records the person here may open, and changing from one to another."""
