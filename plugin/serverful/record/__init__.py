"""A Run as a public record: what reports are made of, what is written as JSON and read again."""
