"""What happens to images, told on the bus."""
