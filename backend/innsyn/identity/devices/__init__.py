"""The browsers a person logs in with: recognised by a cookie of their own, told of in words."""
