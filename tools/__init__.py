"""For developers: nothing here is needed to run the app."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the problems are small: more threads only wait for each other
