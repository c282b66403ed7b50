"""Medications: what was prescribed, handed out, given or said to be in use."""
