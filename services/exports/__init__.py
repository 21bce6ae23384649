"""What leaves the studio for other programs: FHIR, CSV and Parquet."""
