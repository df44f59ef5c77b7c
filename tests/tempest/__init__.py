"""The tests that OpenStack publishes for Image services, run on ours."""
