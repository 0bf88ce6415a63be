"""What a proof may ask and tell."""


class Proof:
    """What one proof may ask and tell."""

    def __init__(self, *, full: bool) -> None:
        self.full = full
        self.outcome = ""

    def count(self, *, small: int, full: int) -> int:
        """Return how often to try."""
        return full if self.full else small

    def found(self, sentence: str) -> None:
        """Keep the figures, as one sentence for the page."""
        self.outcome = sentence
