#!/usr/bin/env python
"""Django's command line for this service."""

from service_kit.command_line import main

if __name__ == "__main__":
    main()
