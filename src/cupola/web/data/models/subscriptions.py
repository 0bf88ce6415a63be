"""Who wants to be told of what happens to datasets, and what was sent to them."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cupola.web.data.models.datasets import Dataset


class Channel(models.TextChoices):
    """How someone is told."""

    EMAIL = "email", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")


def new_token() -> str:
    """Return what only the subscriber knows."""
    return secrets.token_urlsafe(24)


class Subscription(models.Model):
    """Someone wants to be told of one dataset, or with none of all, or of a `topic` that is no dataset's, or of a part
    of one (`performance:ward=5`).

    `address` is an e-mail address or the address of a webhook, kept for nothing else and deleted with the row when it
    ends: no history keeps it. Nothing is sent before `confirmed_at`. `token` is in the links to confirm and to end it;
    `secret` signs what a webhook is sent. `told_until`: what happened up to then was queued.
    """

    dataset = models.ForeignKey(Dataset, null=True, blank=True, on_delete=models.PROTECT, related_name="subscriptions")
    topic = models.CharField(max_length=200, blank=True, default="")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = models.CharField(max_length=500)
    language = models.CharField(max_length=5, default="en")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    secret = models.CharField(max_length=64, default=new_token)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_until = models.DateTimeField()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["dataset", "channel", "address"], name="subscription_once"),
            models.UniqueConstraint(
                fields=["topic", "channel", "address"], condition=Q(dataset=None), name="subscription_to_all_once"
            ),
            models.CheckConstraint(condition=Q(topic="") | Q(dataset=None), name="subscription_has_one_subject"),
            models.CheckConstraint(condition=Q(channel__in=[*Channel.values]), name="subscription_channel_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"  # never the address: staff tables show this


class Delivery(models.Model):
    """One message to one subscriber, until it arrived or was given up.

    `identity` is that of the piece of news, or of the question whether the address is right. `message`: what is sent,
    as JSON values. `next_at` is empty once there is nothing more to do; `done_at` is set when it arrived.
    `problem`: why the last attempt failed, without the address.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="deliveries")
    identity = models.CharField(max_length=100)
    message = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("pk",)
        indexes = (models.Index(fields=["next_at"], name="delivery_due"),)
        constraints = (models.UniqueConstraint(fields=["subscription", "identity"], name="delivery_once_per_news"),)

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.identity}"
