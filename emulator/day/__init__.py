"""A studio's day as values: who is booked and comes when, who goes where, and what therapists do."""
