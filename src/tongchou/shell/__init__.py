"""The one design system of every desk: frame, components, charts, paging, export. No tables.

Nothing here knows a domain word. What the frame shows of the city (area, tempo, whose turn) is
handed in by the site through `settings.SHELL_FRAME`.
"""
