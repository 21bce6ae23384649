"""One page or one tab a file."""
