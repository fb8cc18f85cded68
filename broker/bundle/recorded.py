"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "0208bb66deec81e166ae133cdaddc2197384f4823d2c6fc9093c5fbc8c93974e"
