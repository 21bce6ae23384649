"""What both ends of the wire agree upon: messages, topics, machine catalogue, envelope, recording."""
