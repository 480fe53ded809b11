"""Urgent appeals: from one definition of a case to letters in many languages, and back from replies."""

__version__ = "0.1.0"
