"""Words that everybody uses: tables, days, kinds, ids, errors. Imports nothing else of ours."""
