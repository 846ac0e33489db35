"""What it costs a month at list price, because that is what a reviewer asks next. Each module prices one trade; `cost.py` adds up."""
