"""What is due, asked under lock whether it can be read, marked and handed to the ways out."""
