"""The page of one person: a head, and a tab for each thing that staff look at or do."""
