"""What people at a screen do: use cases that write, each a function of a connection and values."""
