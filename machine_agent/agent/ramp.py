"""The commanded load over time: slow up, faster down, and a stop that is straight (invariant 4)."""

UP_G_S = 2_000  # 2 kg/s
DOWN_G_S = 5_000  # 5 kg/s
STOP_MS = 800  # a stop goes linearly to zero in .7-1 s from any load


class Ramp:
    """Where the commanded load is now (g)."""

    def __init__(self) -> None:
        self._load_g = 0.0
        self._stop_g_ms: float | None = None

    @property
    def load_g(self) -> int:
        """The commanded load, rounded down."""
        return int(self._load_g)

    def stop(self) -> None:
        """Go straight to zero from here; a stop under way keeps its slope."""
        if self._stop_g_ms is None and self._load_g > 0:
            self._stop_g_ms = self._load_g / STOP_MS

    def step(self, target_g: int, step_ms: int) -> int:
        """Move towards the target for `step_ms`; while a stop is under way the target is zero."""
        if self._stop_g_ms is not None:
            self._load_g = max(0.0, self._load_g - self._stop_g_ms * step_ms)
            self._stop_g_ms = self._stop_g_ms if self._load_g > 0 else None
        elif target_g > self._load_g:
            self._load_g = min(target_g, self._load_g + UP_G_S * step_ms / 1_000)
        else:
            self._load_g = max(target_g, self._load_g - DOWN_G_S * step_ms / 1_000)
        return self.load_g
