"""The prescribing process: the only one that signs limits, apart from the service that works under them.

- `app` puts it together, `settings` says how it is called, `operators` who may ask
- `case` is one request, `routes` and `proposing` (two people for wider limits) its HTTP side, `schemas` and
  `shown` its bodies
- `rules`: what no clinician can sign, `widening`: what needs two, `second_person`: who counts as another,
  `sign`: the signed versions
"""
