"""Characters, languages, dates, addresses: known once, used by extract, clean, copies and stories."""
