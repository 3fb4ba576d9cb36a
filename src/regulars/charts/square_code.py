"""A QR code (ISO/IEC 18004) as a drawing that stands in the page: nobody else is asked to draw a secret."""

import segno


def square_code(text: str) -> str:
    """The code as SVG without style or script: dark on light in either theme, with its quiet border."""
    drawn: str = segno.make(text, error="m", micro=False).svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="square-code"
    )
    return drawn
