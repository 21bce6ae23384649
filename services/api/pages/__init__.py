"""Pages that the service itself shows; everything on them comes from the service."""
