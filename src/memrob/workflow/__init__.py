"""What the workflow needs: jobs with logs, source hashes, the closing summary."""
