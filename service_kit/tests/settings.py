"""The settings of the tests: the API's, with the admin's apps installed too, so that both can be tested in one run."""

from config.admin_settings import INSTALLED_APPS as ALL_APPS
from config.settings import *  # noqa: F403 - the fixture `the_admin` changes to the admin's own

INSTALLED_APPS = ALL_APPS
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
