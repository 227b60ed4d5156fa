"""The platform code that every service needs. It knows no service and no domain."""
