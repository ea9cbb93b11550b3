"""Run the long tests, and keep their result and the commit they ran on in docs/evidence.md."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = """\
# Evidence

`make test-long` runs what takes longer than `make test` may. Its last result:

- day: {day}
- commit: {commit}
- result: {result}
"""


def main() -> int:
    command = [sys.executable, "-m", "pytest", "-n", "2", "-m", "long"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    print(done.stdout, done.stderr)
    result = done.stdout.strip().splitlines()[-1].strip("= ")
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    day = datetime.now(UTC).date()
    page = PAGE.format(day=day, commit=commit, result=result)
    (ROOT / "docs" / "evidence.md").write_text(page, encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
