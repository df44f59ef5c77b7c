"""Calls between the rooms of the service, over RabbitMQ or in one process."""
