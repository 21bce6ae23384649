"""The closed-loop trial of policies: emulated people, the real model and limits, nothing of the network."""
