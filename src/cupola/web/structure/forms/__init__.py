"""Forms for offices, posts and acts."""

from cupola.web.structure.forms.parts import PartForm, lives_of
from cupola.web.structure.forms.rows import sent

__all__ = ["PartForm", "lives_of", "sent"]
