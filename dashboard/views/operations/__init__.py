"""Running the place: machines, the model, staff and screens, sites, messages put aside, the audit."""
