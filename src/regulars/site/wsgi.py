"""The WSGI application granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from regulars.desks.shared.turns import InTurn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.site.settings")
application = InTurn(get_wsgi_application())
