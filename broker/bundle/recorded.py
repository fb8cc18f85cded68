"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "3910bc25e50f39dd0cb8fd806c6683cc497651f7e7ae980abe1c101a01143a84"
