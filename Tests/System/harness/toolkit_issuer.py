"""A second OpenID provider that other people wrote: Django with django-oauth-toolkit, as a school runs it.

Its people sign in by Django's own form, and say yes on the toolkit's page. It signs with RS256, wants PKCE and a client
secret by HTTP Basic, and publishes what it can do below /o/.
"""

import html
import os
import re

import django
import httpx
import werkzeug.serving
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from joserfc.jwk import RSAKey

from .openid import parameters, serving

# Playwright keeps an event loop in the thread of its tests, which Django takes for a reason to refuse its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SITE = "harness.toolkit_site"
PASSWORD = "a long password of the school's"

# Django wants templates for its pages; what is asked of them here is the form's token alone.
TEMPLATES = {
    "registration/login.html": '<form method="post">{% csrf_token %}{{ form }}</form>',
}


def _configure(folder):
    settings.configure(
        SECRET_KEY="not secret here", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=SITE, USE_TZ=True,
        # Fast, for passwords that guard nothing.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "school.sqlite3")}},
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
            "oauth2_provider"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware"],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", TEMPLATES),
                    "django.template.loaders.app_directories.Loader"],
                "context_processors": [
                    "django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]}}],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True, "OIDC_RSA_PRIVATE_KEY": RSAKey.generate_key(2048).as_pem(private=True).decode(),
            "OAUTH2_VALIDATOR_CLASS": f"{SITE}.Claims", "ALLOWED_REDIRECT_URI_SCHEMES": ["http"],
            "SCOPES": {"openid": "Who you are", "email": "Your address", "profile": "Your name"}})
    django.setup()
    call_command("migrate", verbosity=0)


class ToolkitIssuer:
    """The provider, in a thread. There is one a process: Django is configured once."""

    slug = "school"

    def __init__(self, folder):
        _configure(folder)
        self._server = werkzeug.serving.make_server("127.0.0.1", 0, get_wsgi_application(), threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/o"

    def serving(self):
        return serving(self._server)

    def register(self, redirect_uri):
        """(client id, client secret)"""
        from oauth2_provider.models import Application
        made = Application(
            name="Convene", client_type="confidential", authorization_grant_type="authorization-code",
            redirect_uris=redirect_uri, algorithm="RS256", skip_authorization=False)
        secret = made.client_secret
        made.save()
        return made.client_id, secret

    def add(self, name, email):
        from django.contrib.auth.models import User
        first, last = name.split(" ", 1)
        User.objects.create_user(email.split("@")[0], email, PASSWORD, first_name=first, last_name=last)

    def answer(self, address, user):
        """Somebody signs in there, and says yes; returns the parameters that their browser is sent back with."""
        with httpx.Client(follow_redirects=True, timeout=30) as browser:
            form = browser.get(address)
            form = browser.post(form.url, data=hidden(form.text) | {"username": user, "password": PASSWORD})
            consent = browser.post(
                form.url, data=hidden(form.text) | {"allow": "Authorize"}, follow_redirects=False)
        assert consent.status_code == 302, consent.text[:500]
        return parameters(consent.headers["location"])


def hidden(page):
    """The fields of a form that its page filled in."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}
