"""A person's data as a whole: handed out, erased, and kept no longer than needed."""
