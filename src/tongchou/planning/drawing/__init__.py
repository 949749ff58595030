"""Charts as plain values that a template writes out as SVG: no script, no style attribute."""
