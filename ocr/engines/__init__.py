"""The readers of text: RapidOCR and Tesseract."""
