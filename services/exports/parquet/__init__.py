"""Sets, reps and decisions as Parquet, de-identified."""
