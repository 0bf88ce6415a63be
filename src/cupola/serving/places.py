"""The addresses of a dataset, as catalogues and documents name them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Places:
    """Every address below `base`, the scheme and host a request came to."""

    base: str

    @property
    def domain(self) -> str:
        """The host, as clients name it."""
        return self.base.partition("://")[2]

    def page(self, key: str) -> str:
        """Return where people read about a dataset."""
        return f"{self.base}/data/{key}/"

    def view(self, public_id: str) -> str:
        """Return what a dataset is called: the address other portals give it too."""
        return f"{self.base}/api/views/{public_id}"

    def columns(self, public_id: str) -> str:
        """Return where its data dictionary is."""
        return f"{self.base}/api/views/{public_id}/columns.json"

    def rows(self, public_id: str, ending: str) -> str:
        """Return where all rows of it are, as one file."""
        return f"{self.base}/api/views/{public_id}/rows.{ending}?accessType=DOWNLOAD"

    def resource(self, public_id: str, ending: str) -> str:
        """Return where it can be queried."""
        return f"{self.base}/resource/{public_id}.{ending}"

    def file(self, key: str, edition: str, name: str) -> str:
        """Return where a file of one version is; `edition`: its number, or latest."""
        return f"{self.base}/downloads/{key}/{edition}/{name}"
