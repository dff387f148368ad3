"""Builds the documentation: Markdown in, HTML out, nothing fetched."""

project = "Orderbell"
author = "the Orderbell contributors"
project_copyright = "the Orderbell contributors"

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
html_extra_path = ["labs_pages"]  # what the labs wrote themselves
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Orderbell"
html_copy_source = False
html_show_sphinx = False
