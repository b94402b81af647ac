# SPDX-License-Identifier: GPL-2.0
#
# Sphinx's configuration; `make docs` uses it. Environment: KSRC, a kernel source,
# whose kernel-doc and Sphinx extension for it are used as they stand; PICTURES, a folder.
import os
import sys

sys.dont_write_bytecode = True      # into the kernel source
ksrc = os.path.abspath(os.environ["KSRC"])
sys.path.insert(0, os.path.join(ksrc, "Documentation/sphinx"))

project = "extmem"
extensions = ["kerneldoc"]
exclude_patterns = ["ABI"]          # no reST: included as it stands
primary_domain = "c"
highlight_language = "none"

kerneldoc_bin = os.path.join(ksrc, "scripts/kernel-doc")
kerneldoc_srctree = os.path.abspath("..")
kerneldoc_verbosity = 1

# The kernel's attributes are no part of a C declaration for Sphinx.
c_id_attributes = ["__iomem", "__must_check", "__printf"]

html_theme = "alabaster"
html_show_copyright = False
html_extra_path = [os.environ["PICTURES"]]      # `make pictures` has drawn them
html_sidebars = {"**": ["about.html", "navigation.html", "searchbox.html"]}
