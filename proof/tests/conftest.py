"""What the tests of the proof start from."""

pytest_plugins = ["driver.programs"]
