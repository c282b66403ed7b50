"""Referrals: who asked whom for what, and where it is now."""
