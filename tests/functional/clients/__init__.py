"""What users do, with the clients they have, on each shape of deployment."""
