"""What a letter from the public has, whatever it is about: who may read it, and how to reach who wrote it."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

KEY_LENGTH = 8
_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"  # no two signs that are taken for one another


def new_key() -> str:
    """Return a key that says nothing of how many letters there are."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(KEY_LENGTH))


class Showing(models.TextChoices):
    """Whether the public may read a letter."""

    SHOWN = "shown", _("Shown to everyone")
    HELD = "held", _("Held until staff have read it")
    HIDDEN = "hidden", _("Not shown")


class Letter(models.Model):
    """A text someone sent, with or without a way to answer them.

    `contact` is never shown to the public and is erased when the letter is settled. Staff may cover personal details in
    `text`. No history keeps either, so what is erased is gone.
    `held_for`: why it was held, as short words: kinds of personal details (`phone`), `link`. `withheld_reason` says to
    the public why a letter is hidden. `form` is the mark of the form it was sent with, each of which counts once.
    """

    key = models.CharField(max_length=KEY_LENGTH, unique=True, default=new_key)
    text = models.TextField()
    contact = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="en")
    received_at = models.DateTimeField()
    showing = models.CharField(max_length=10, choices=Showing.choices, default=Showing.SHOWN.value)
    held_for = models.JSONField(default=list)
    withheld_reason = models.TextField(blank=True)
    form = models.CharField(max_length=100, unique=True)

    class Meta:
        abstract = True

    @property
    def is_shown(self) -> bool:
        """Whether everyone may read it."""
        return self.showing == Showing.SHOWN
