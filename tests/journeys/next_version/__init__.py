"""The touchpoints' migrations of a version to come: all there are today, and one more that changes a column's type."""

from pathlib import Path

from regulars.records.touchpoints import migrations as today

__path__ = [*__path__, str(Path(str(today.__file__)).parent)]
