"""Values in, charts out: nothing here asks, stores or reads a clock."""
