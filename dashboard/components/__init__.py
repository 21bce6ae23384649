"""What moves or is touched in the browser itself."""
