"""serverful asks why a Lambda function is serverful. See README.md."""
