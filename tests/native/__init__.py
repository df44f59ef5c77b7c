"""What has native threads whatever the switch says, or takes long."""
