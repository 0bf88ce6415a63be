"""Addresses of signing in and out."""

from django.urls import path

from cupola.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.login, name="login"),
    path("sign-out/", views.logout, name="logout"),
]
