"""What a meeting service says of who came: any report of Zoom, Teams or Google Meet, read."""
