"""The Hub without the Hub: what the client libraries use of the Hugging Face Hub's HTTP interface, over a folder.

`names` (what a repository and a file may be called) · `objects` (bytes and their hashes) · `store` (folder below,
writable layers above) · `cards` (a README's metadata) · `describe` and `listing` (what the client reads of a
repository, and how it searches) · `uploads` (pushes) · `answers`, `app` (the WSGI application) · `client` (the client
libraries pointed at it, inside this process) · `choose` (`lesson.hub()`) · `serve` (`autograde hub`). See docs/hub.md.
"""
