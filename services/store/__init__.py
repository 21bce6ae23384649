"""All SQL: tables, migrations, and verbs by subject."""
