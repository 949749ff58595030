"""Line lists and contact lists from anywhere, read row by row until every row is accounted for.

Rows read are rows stored and rows refused; nothing is dropped and nothing is overwritten silently.
"""
