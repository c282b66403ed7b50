"""Where I am logged in, and have been."""
