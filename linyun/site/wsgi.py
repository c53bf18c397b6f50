"""The WSGI application served by granian."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linyun.site.settings")
application = get_wsgi_application()
# What is loaded by now lives as long as the process. Looked through again and again for garbage it would hold up a page
# for a tenth of a second each time.
gc.collect()
gc.freeze()
