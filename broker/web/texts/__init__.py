"""The words of the frame, Swedish next to English, as data."""
