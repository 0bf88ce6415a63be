"""What the public sees first. Reads every app, changes nothing."""
