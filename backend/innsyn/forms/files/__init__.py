"""Files that are answers: taken in while a form is filled in, sent with it, and shown again."""
