"""The conformance kit: plays the service against any agent, and judges what the agent did."""
