"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "e831c38a44c92448ace8567de5c6dc20d78ba941e6730154668b1041e168873e"
