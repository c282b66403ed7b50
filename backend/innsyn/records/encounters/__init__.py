"""Appointments ahead and behind, and contacts that have been."""
