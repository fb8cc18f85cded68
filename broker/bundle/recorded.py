"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "02937d9e330701c717b25b3081116c9b993b743498a1d467208a195df480e058"
