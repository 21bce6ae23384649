"""A new person, in steps: who it is, health and red flags, consent and card, looking it over."""
