"""Pictures: from bytes to pixels, codes, faces and figures, and back to a portrait's bytes.

Everything that knows OpenCV, LiteRT, a JPEG codec or EXIF stands here. What a figure means, whose
picture it is and where it is cropped belongs to the domain, not here.
"""
