"""What the blocks of the docs are held to: a block that is wrong fails."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pubservice as ps
from blocks import load_yaml, own_rules, run_console
from pubservice.analysis.register import rule
from refresh import main, refreshed

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EMPTY = "pubservice: 1\nid: office\n"
# What a reader types to install; it would install into the machine that runs the tests.
INSTALL = (
    "python3 -m venv .venv && .venv/bin/pip install uv && .venv/bin/uv run pubservice demo",
    "python3 -m venv .venv && .venv/bin/pip install uv && .venv/bin/uv run pytest",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run each test in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_a_command_prints_is_compared() -> None:
    """
    Shown output is the output, dots for any text; a command without any only has to succeed.
    """
    run_console("$ pubservice rules RED001\nRED001 repeated-check\n...\n$ pubservice schema\n")
    with pytest.raises(AssertionError, match="shown"):
        run_console("$ pubservice rules RED001\nRED001 something-else\n...\n")


def test_exit_codes_are_compared() -> None:
    """
    A command exits with 0 unless the next line asks the shell and shows another code.
    """
    run_console("$ pubservice check none.yaml\n$ echo $?\n2\n")
    with pytest.raises(AssertionError, match="exit code 2, stated '0'"):
        run_console("$ pubservice check none.yaml\n")
    with pytest.raises(AssertionError, match="exit code 0, stated '1"):
        run_console("$ pubservice schema\n$ echo $?\n1\n")


def test_output_goes_to_a_file(folder: Path) -> None:
    """
    What is redirected stands in the file, which can be shown.
    """
    run_console("$ pubservice schema > s.json\n$ cat s.json\n{\n...\n")
    assert (folder / "s.json").read_text().startswith("{")


def test_nothing_else_runs() -> None:
    """
    Only commands of pubservice, and those that show a file or an exit code, run.
    """
    with pytest.raises(AssertionError, match="not a command that runs here: rm"):
        run_console("$ rm x\n")


def test_a_crash_is_not_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    An exception of ours is shown as it is.
    """

    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pubservice.io.schema.schema", fail)
    with pytest.raises(ZeroDivisionError):
        run_console("$ pubservice schema\n$ echo $?\n1\n")


def test_yaml_is_loaded(folder: Path) -> None:
    """
    A whole file is read, and kept under the name on its first line.
    """
    load_yaml(EMPTY)
    load_yaml(f"# o.yaml\n{EMPTY}")
    assert (folder / "o.yaml").read_text() == f"# o.yaml\n{EMPTY}"
    with pytest.raises(ValueError, match="unknown field 'nam'"):
        load_yaml(f"{EMPTY}nam: x\n")


def test_yaml_with_faults_is_refused() -> None:
    """
    A file that says that it has faults has some.
    """
    load_yaml(f"# o.yaml, with faults\n{EMPTY}nam: x\n")
    with pytest.raises(AssertionError, match="there are none"):
        load_yaml(f"# o.yaml, with faults\n{EMPTY}")


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("an organisation", "resources: [{id: clerk}]"),
        ("a service", "outputs: [permit]"),
        ("a procedure", "steps:\n- {id: intake}"),
    ],
)
def test_parts_are_loaded_too(what: str, text: str) -> None:
    """
    What is part of a file is read in its place; what is neither fails.
    """
    load_yaml(f"# part of {what}\n{text}\n")
    with pytest.raises(ValueError, match="unknown field"):
        load_yaml(f"# part of {what}\nnothing: 1\n")
    with pytest.raises(AssertionError, match="neither a file nor part of one"):
        load_yaml(f"{text}\n")


def test_refreshing_keeps_what_is_right() -> None:
    """
    Output that is still right stays, dots and all; wrong output is replaced, and what was not shown stays so.
    """
    page = (
        f"```yaml\n# o.yaml\n{EMPTY}```\n```python\nx = 1\n```\n"
        "```python\n>>> x + 1\n3\n>>> for n in (1,):\n...     print(n, end='\\n\\n')\n>>> x = 5\n```\n"
        "```console\n$ pubservice check o.yaml\n$ pubservice check o.yaml\nnothing\n$ pubservice rules\nMOD001...\n"
        "$ pubservice check none.yaml\n$ echo $?\n0\n```\n"
    )
    assert refreshed(page) == (
        f"```yaml\n# o.yaml\n{EMPTY}```\n```python\nx = 1\n```\n"
        "```python\n>>> x + 1\n2\n>>> for n in (1,):\n...     print(n, end='\\n\\n')\n1\n<BLANKLINE>\n>>> x = 5\n```\n"
        "```console\n$ pubservice check o.yaml\n$ pubservice check o.yaml\no.yaml: no findings\n"
        "$ pubservice rules\nMOD001...\n$ pubservice check none.yaml\n$ echo $?\n2\n```\n"
    )


def test_refreshing_keeps_dots_at_the_end() -> None:
    """
    Of output that has changed as many lines are shown as before.
    """
    page = f"```yaml\n# o.yaml\n{EMPTY}```\n```console\n$ cat o.yaml\n# n.yaml\n...\n```\n"
    assert refreshed(page) == page.replace("n.yaml", "o.yaml")


def test_refreshing_writes_pages(folder: Path) -> None:
    """
    Pages are rewritten in place; files that they write are not left behind.
    """
    (folder / "page.md").write_text(f"```yaml\n# o.yaml\n{EMPTY}```\n```python\n>>> 1 + 1\n3\n```\n")
    main("page.md")
    assert (folder / "page.md").read_text().endswith(">>> 1 + 1\n2\n```\n")
    assert [path.name for path in folder.iterdir()] == ["page.md"]


def test_rules_of_a_page_are_forgotten() -> None:
    """
    A rule that a page registers is no rule of any other page.
    """
    before = ps.rules()
    with own_rules():
        rule("OUR001", "nothing", bad="", good="")(lambda _: [])
        assert len(ps.rules()) == len(before) + 1
    assert ps.rules() == before


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_is_of_a_kind_that_runs(page: Path) -> None:
    """
    Blocks are Python, commands or YAML, which run; the commands that install; or what Sphinx reads.
    """
    fences = re.findall(r"^```(.+)\n((?:.*\n)*?)```$", page.read_text(encoding="utf-8"), re.MULTILINE)
    kinds = {kind for kind, _ in fences if not kind.startswith("{")}
    installing = [text.strip() for kind, text in fences if kind == "sh"]
    assert kinds <= {"python", "console", "yaml", "sh"}
    assert set(installing) <= set(INSTALL)


def test_the_commands_of_the_readme_are_those_that_ci_runs() -> None:
    """
    CI sets up as the README says and runs the tests with the same command; it only asks for coverage and less talk.
    """
    script = (
        (ROOT / ".ci" / "run")
        .read_text(encoding="utf-8")
        .replace("$uv", ".venv/bin/uv")
        .replace(" --quiet", "")
    )
    commands = [re.sub(" --cov.*", "", line) for line in script.splitlines()]
    demo, tests = (command.split(" && ") for command in INSTALL)
    assert [command for command in commands if command in tests] == tests
    assert demo[:-1] == tests[:-1]
    assert all(command in (ROOT / "README.md").read_text(encoding="utf-8") for command in INSTALL)
