"""The one-page report for the patient, as PDF."""
