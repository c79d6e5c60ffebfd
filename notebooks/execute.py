"""Executes a notebook and fails on the first cell that fails.

Usage: execute.py NOTEBOOK [--in-place]. With --in-place its outputs are kept in it.
"""

import argparse
import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("notebook", type=Path)
parser.add_argument("--in-place", action="store_true")
arguments = parser.parse_args()

notebook = nbformat.read(arguments.notebook, as_version=4)
root = Path(__file__).resolve().parent.parent
client = NotebookClient(
    notebook,
    timeout=300,
    kernel_name="python3",
    resources={"metadata": {"path": str(root)}},
)
client.execute()
for cell in notebook.cells:
    # Times of this run would change the file each time.
    cell.metadata.pop("execution", None)
notebook.metadata.pop("language_info", None)
if arguments.in_place:
    aside = arguments.notebook.with_suffix(".aside")
    nbformat.write(notebook, aside)
    os.replace(aside, arguments.notebook)
ran = sum(cell.cell_type == "code" for cell in notebook.cells)
print(f"{arguments.notebook}: {ran} cells ran")
