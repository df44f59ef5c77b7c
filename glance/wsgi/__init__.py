"""WSGI applications for servers such as uWSGI and gunicorn."""
