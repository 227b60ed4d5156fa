"""The usual port of a Django project to two services: run twice, each on a database of its own."""
