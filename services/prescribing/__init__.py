"""The prescribing process: the only one that signs limits, apart from the service that works under them.

- `app` puts it together, `settings` says how it is called, `operators` who may ask
- `routes` and `schemas` are its HTTP side, `rules` what no clinician can sign, `sign` the signed versions
"""
