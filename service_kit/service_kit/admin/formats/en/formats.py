"""Times as in the log: to the second, and with their time zone."""

DATETIME_FORMAT = "Y-m-d H:i:s T"
