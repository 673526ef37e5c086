"""The table of coverage in README.md, generated and checked current."""

from model_registry.coverage import Coverage

START, END = "<!-- coverage: made by python -m model_registry coverage --readme README.md -->", "<!-- end of coverage -->"


def with_coverage(text: str, rows: tuple[Coverage, ...], checkpoints: int, releases: int) -> str:
    """Return README text with its coverage section replaced; raises ValueError when the markers are missing."""
    before, found, rest = text.partition(START)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        message = f"README.md has no section between {START} and {END}"
        raise ValueError(message)
    return f"{before}{START}\n{table(rows, checkpoints, releases)}{END}{after}"


def table(rows: tuple[Coverage, ...], checkpoints: int, releases: int) -> str:
    """Return the coverage as a Markdown table, a row a column."""
    lines = [
        f"{checkpoints} checkpoints in {releases} releases.",
        "",
        "| column | known | undisclosed | not found | does not apply |",
        "|---|---:|---:|---:|---:|",
        *(f"| {row.column} | {row.known} | {row.undisclosed} | {row.not_found} | {row.not_applicable} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"
