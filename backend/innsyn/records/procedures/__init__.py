"""What was done: operations, examinations and treatments."""
