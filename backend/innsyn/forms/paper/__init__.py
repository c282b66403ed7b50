"""The receipt of a form that was sent, on paper."""
