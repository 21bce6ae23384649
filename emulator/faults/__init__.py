"""What can go wrong, by name: sensors, people, the link, the computer; and what must happen then."""
