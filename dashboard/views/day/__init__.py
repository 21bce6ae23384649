"""The studio day: who comes and where they are, their circuits, and the evening's signature."""
