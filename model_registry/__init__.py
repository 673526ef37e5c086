"""Facts about open-weight models: schema, files, loader, table and the formulas that follow from architecture alone."""
