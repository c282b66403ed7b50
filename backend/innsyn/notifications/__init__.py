"""Telling people that there is something new: what, where and when they want to hear of it, and sending it."""
