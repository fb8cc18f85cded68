"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "bbcdad086718b717110e504797530ccf06d7b325eda67251a07e6257540716a3"
