"""What one types: handles, and what each statement means."""
