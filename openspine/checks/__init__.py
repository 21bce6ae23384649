"""What `test` does: the steps in their order, run within a budget, and what the tests said of themselves."""
