"""The evaluations behind `evaluate`: runs, reports and their pictures."""
