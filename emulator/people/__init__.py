"""The people: who they are, how they are today, how they lift."""
