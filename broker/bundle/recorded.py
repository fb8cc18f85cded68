"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "c91030f25154394e7f87ffabfa0cf00ab8ec30ef437e3db8cae15b1c355ceac2"
