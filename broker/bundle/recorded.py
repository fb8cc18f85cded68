"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "fd65c4cdf73e8cd793de02bec869eeb8bd50d6aa54849429a80202c26025fa79"
