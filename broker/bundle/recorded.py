"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "a0d4893533f45c9ab43e4c0097103b850754b0ff10a298e1fb48628b111495b8"
