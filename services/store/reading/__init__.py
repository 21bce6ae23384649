"""What screens ask of the store: plain rows, bounded, never by scanning reps."""
