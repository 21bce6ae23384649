"""A stand-in for the service on loopback: the addresses and bodies of `/v1`, checked against its schemas."""
