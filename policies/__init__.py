"""The policies of serverful: give this folder, and never one of its subfolders, to `checkov --external-checks-dir`."""
