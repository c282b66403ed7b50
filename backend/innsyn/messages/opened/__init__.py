"""One thread, opened: everything in it, and that it has been read."""
