"""Sample sitters and a workspace made from them, to see a night without a camera."""
