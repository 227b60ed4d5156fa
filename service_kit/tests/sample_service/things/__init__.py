"""The domain of the sample service, on which the kit is tested: things with a name and a price."""
