"""What people see of recordings."""
