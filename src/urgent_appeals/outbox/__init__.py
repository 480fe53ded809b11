"""Keep documents where people find them: one folder an appeal, with a manifest, written whole or not at
all.
"""
