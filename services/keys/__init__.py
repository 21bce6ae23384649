"""The two signing keys of a studio and its site key; docs/keys.md says which signs what.

- `register` rotation as values, `folder` the files
- `command` what the service opens, `envelope` what the prescribing process opens, `site` the site key
- `model` who may vouch for a trained model, besides the project's own releases
- `demo` both in one process, for invented people

Import from the files: this package names none of them, so that nobody gets the envelope key by the way.
"""
