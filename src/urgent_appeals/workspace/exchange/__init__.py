"""Read and write directories in the formats of others: Popolo JSON, vCard 4, CSV."""
