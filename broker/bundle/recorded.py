"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "1228a4888dfcc9ba86980879f0297c21674f38de68d5d8f459ed832184c6712b"
