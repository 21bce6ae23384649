"""Random and hostile commands against the guard, judged by an oracle of its own."""
