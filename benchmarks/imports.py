"""CPU time of importing pubservice, against that of its core dependencies and one unit registry."""

from __future__ import annotations

import statistics
import subprocess
import sys

TIMED = "import resource as r; u = r.getrusage(r.RUSAGE_SELF); print(u.ru_utime + u.ru_stime)"
COMMANDS = {
    "nothing": "pass",
    "core dependencies": "import attrs, cattrs, networkx, pint, yaml; pint.UnitRegistry()",
    "import pubservice": "import pubservice",
    "pubservice --help": "from click.testing import CliRunner; from pubservice.cli import main; CliRunner().invoke(main, ['--help'])",
    "every public name": "import pubservice\nfor name in pubservice.__all__: getattr(pubservice, name)",
}


def cpu_seconds(code: str) -> float:
    """Return the CPU seconds of a fresh interpreter that runs code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{TIMED}"], check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])


def main() -> None:
    """Measure in turn, and print medians and ratios."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(9):
        for name, code in COMMANDS.items():
            times[name].append(cpu_seconds(code))
    empty = statistics.median(times["nothing"])
    base = statistics.median(times["core dependencies"]) - empty
    for name, values in times.items():
        own = statistics.median(values) - empty
        print(f"{name:20} {own * 1000:7.1f} ms  {own / base:5.2f} × the core dependencies")


if __name__ == "__main__":
    main()
