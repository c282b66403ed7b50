"""What an entry said before, what is new to whom, and what has been taken back."""
