"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "3ceafcd22f99562213f89479c898064f5f9c456dc0ab4db925c4782c58ff2799"
