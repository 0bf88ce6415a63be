"""The example city: a seeded generator of a whole city folder with effects of known size (see `truth.py`)."""

from cupola.demo.city import generate
from cupola.demo.truth import CITY, SEED
from cupola.demo.truth_table import Fact, facts, page

__all__ = ["CITY", "SEED", "Fact", "facts", "generate", "page"]
