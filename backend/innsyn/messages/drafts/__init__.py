"""What has been begun: kept as it is typed, found again, never overwritten by an older page, and sent once."""
