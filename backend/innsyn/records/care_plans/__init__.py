"""Care plans: what has been agreed, towards which goals."""
