"""From the archives and folders of a learning platform to grading/submitted: who handed in what, and when."""
