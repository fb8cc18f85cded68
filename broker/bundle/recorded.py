"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "c59eb3a500497af9886070e08b22662aa753e1064ea1780960e80f5f279daa77"
