"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "dae0ad6d6096fba9e14c91b70912b76df6892c713ff579733fecd41284aaf845"
