"""What has been begun: kept as it is typed, found again at the same step, never overwritten by an older page."""
