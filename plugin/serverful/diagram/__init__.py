"""What is drawn of an estate: boxes and lines as plain data. How they look is for `report/mermaid.py` and `report/svg.py`."""
