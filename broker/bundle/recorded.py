"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "c863df0f96305adc9a367103c03839a58433e0924c8b4454cfa524fe2f043d59"
