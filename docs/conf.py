"""Configuration of Sphinx. `_extensions/generated.py` generates the reference pages from the code."""

import os
import sys
from importlib import metadata
from pathlib import Path

os.environ["LADSPA_PATH"] = "/no/plugins"  # the pages are the same on every machine
sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "ipyclam"
author = "the ipyclam authors"
copyright = "the ipyclam authors, GPL-3.0-or-later"
version = release = metadata.version("ipyclam")

extensions = ["sphinx.ext.autodoc", "sphinx.ext.viewcode", "numpydoc", "myst_parser", "generated", "trimmed"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "_extensions"]

default_role = "py:obj"  # `name` in a docstring becomes a link where the name is documented, else plain code
nitpicky = True
nitpick_ignore_regex = [
    ("py:obj", ".*"),  # see default_role
    ("py:.*", r"(?!ipyclam).*"),  # names of other packages: resolving them needs a network connection
    ("py:.*", r"ipyclam_core\..*\.(T|_\w+)"),
]
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
numpydoc_show_class_members = False
add_module_names = False

html_theme = "furo"
html_title = f"ipyclam {version}"
html_static_path = ["_static"]
html_css_files = ["ipyclam.css"]
