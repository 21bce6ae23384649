"""What the dashboard asks the API: a file a subject, what it answers beside how it is asked.

A question is called as its route is; codes are plain words, so that a newer service breaks no page.
"""
