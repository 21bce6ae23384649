"""A person's own pages: words that need no explaining, and nothing of anybody else."""
