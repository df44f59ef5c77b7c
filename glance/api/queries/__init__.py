"""The queries of lists: filters, order and page, within bounds."""
