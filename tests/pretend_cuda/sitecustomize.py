"""Put this folder on PYTHONPATH, and every Python started there finds a pretend CUDA device."""

import pretend

pretend.install()
