"""How gunicorn serves a service."""
