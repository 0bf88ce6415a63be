"""What other portals have, read from their catalogues into the fields of a city folder. Nothing said is lost."""

from cupola.sources.catalogues.reading import Inventory, read_catalogue
from cupola.sources.catalogues.remainder import public_id

__all__ = ["Inventory", "public_id", "read_catalogue"]
