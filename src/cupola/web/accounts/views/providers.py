"""How people of an identity provider get in: who may, which account is theirs, which roles their groups give."""

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from cupola.web.accounts.actions import give_roles_of_groups, record_failed_sign_in
from cupola.web.accounts.views.signing_in import VOUCHED
from cupola.web.identity import SAML, OpenIDConnect


def provider_of(login: Any) -> OpenIDConnect | SAML:
    """Return what the city's file says of the provider a sign-in came by."""
    key = login.provider.app.provider_id
    return next(one for one in settings.IDENTITY_PROVIDERS if one.key == key)


def groups_of(login: Any, provider: OpenIDConnect | SAML) -> list[str]:
    """Return the groups the provider lists for the person; what is no list of texts counts as none."""
    facts = login.account.extra_data
    said = facts.get("userinfo", {}).get(provider.groups) or facts.get("id_token", {}).get(provider.groups)
    listed = said if isinstance(provider, OpenIDConnect) else facts.get(provider.groups)
    listed = [listed] if isinstance(listed, str) else listed
    return [group for group in listed if isinstance(group, str)] if isinstance(listed, list) else []


class Directory(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the package has no types
    """Sign-in by the city's identity providers, which only the identity file names."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """Return the providers of the identity file; a row in the database makes none."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whether this person gets an account at the first sign-in."""
        provider = provider_of(sociallogin)
        groups = {*groups_of(sociallogin, provider)}
        known = any(one.group in groups for one in provider.roles)
        return provider.join == "everyone" or (provider.join == "roles" and known)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Bring the roles of someone known in line with their groups before the session begins."""
        provider = provider_of(sociallogin)
        if not provider.trust_email:
            for address in sociallogin.email_addresses:
                address.verified = False
        if not sociallogin.is_existing and (why := self._refusal(request, sociallogin)):
            client = account_adapter(request).get_client_ip(request)
            record_failed_sign_in("", at=timezone.now(), way=provider.key, client=client, why=why)
            page = render(request, "account/signup_closed.html", {"why": why, "provider": provider}, status=403)
            raise ImmediateHttpResponse(page)
        if sociallogin.is_existing:
            self._roles(sociallogin, provider)
            request.session[VOUCHED] = [provider.key, sociallogin.user.pk]

    def _refusal(self, request: HttpRequest, sociallogin: Any) -> str:
        """Return why someone new gets no account, or nothing. An address never gives anyone another's account."""
        addresses = [address.email for address in sociallogin.email_addresses if address.email]
        if not self.is_open_for_signup(request, sociallogin):
            return "no role"
        if not addresses:
            return "no address"
        if EmailAddress.objects.filter(email__in=[address.lower() for address in addresses]).exists():
            return "address taken"
        return ""

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """Make the account, without a password, with the roles of the groups and no others."""
        sociallogin.user.is_staff, sociallogin.user.is_superuser = True, False
        person = super().save_user(request, sociallogin, form)
        provider = provider_of(sociallogin)
        self._roles(sociallogin, provider)
        request.session[VOUCHED] = [provider.key, person.pk]
        return person

    def on_authentication_error(self, request: HttpRequest, provider: Any, **facts: Any) -> None:
        """Note a sign-in that the provider refused or that could not be believed."""
        why = str(facts.get("error") or facts.get("exception") or "refused")[:200]
        client = account_adapter(request).get_client_ip(request)
        record_failed_sign_in("", at=timezone.now(), way=str(provider.app.provider_id), client=client, why=why)

    def _roles(self, sociallogin: Any, provider: OpenIDConnect | SAML) -> None:
        groups = {*groups_of(sociallogin, provider)}
        wanted = {(one.role, one.department) for one in provider.roles if one.group in groups}
        give_roles_of_groups(sociallogin.user, wanted, provider=provider.key, at=timezone.now())
