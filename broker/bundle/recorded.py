"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "adc2418e6644a97239506d89aff8f89877f261d4eb27bad8b1dbc53e0c5f7cff"
