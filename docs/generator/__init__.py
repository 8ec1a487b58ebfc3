"""The pages of the documentation that are made from the code, its schemas and its configuration."""
