import sys
from pathlib import Path

# What makes pages of the documentation is not part of the package.
sys.path.insert(0, str(Path(__file__).parents[2]))
