"""One entry, opened: its page, its files, and the same for programs."""
