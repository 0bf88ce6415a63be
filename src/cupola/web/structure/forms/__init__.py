"""Forms for offices, posts and acts."""

from cupola.web.structure.forms.parts import PartForm
from cupola.web.structure.forms.rows import sent

__all__ = ["PartForm", "sent"]
