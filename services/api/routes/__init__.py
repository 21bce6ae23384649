"""The routes, thin: ask the store, let insights draw, answer."""
