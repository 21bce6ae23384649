"""Tables as CSV: exactly the rows of a list, in one file."""
