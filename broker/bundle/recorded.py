"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "f75c104521a84f406d967ef31c100521d86c137574a7fe9a431930a52e184b41"
