"""What is wrong with an expression, and what to write instead."""

from cupola.errors import InvalidInput


class ExpressionRefused(InvalidInput):
    """An expression of a measure cannot be read, does not fit the dataset's columns, or uses something untested."""

    def __init__(self, problem: str, *, remedy: str, text: str = "") -> None:
        self.problem, self.remedy, self.text = problem, remedy, text
        super().__init__(f"{problem}; {remedy}")
