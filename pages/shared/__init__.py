"""What the pages share: state and links, cached data, theme, small parts."""
