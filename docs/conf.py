"""Sphinx settings; pages are MyST Markdown. Build with: python -m sphinx docs build/docs"""

project = "politburo"
copyright = "The politburo developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["dollarmath", "deflist"]
html_theme = "alabaster"
autodoc_typehints = "description"
