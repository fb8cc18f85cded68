"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "94d3a6b930b972939223d85ed08692e2340976a08a5e6f631f4468d2f5d398ea"
