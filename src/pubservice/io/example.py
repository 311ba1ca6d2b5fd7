"""The organisations that are shipped as examples; their figures are illustrative."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from pubservice.errors import UnknownIdError
from pubservice.io.yaml import from_yaml

if TYPE_CHECKING:
    from pubservice.model.organisation import PublicOrganisation


def example_names() -> tuple[str, ...]:
    """
    Return the names of the examples.

    Example:
        >>> example_names()
        ('building-permit', 'business-licence', 'civil-registration')
    """
    found = (entry.name for entry in files("pubservice").joinpath("examples").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


def example_text(name: str) -> str:
    """
    Return the YAML of an example.

    Raises:
        UnknownIdError: There is none of that name.
    """
    if name not in example_names():
        raise UnknownIdError("example", name, example_names())
    return files("pubservice").joinpath("examples", f"{name}.yaml").read_text(encoding="utf-8")


def read_example(name: str) -> PublicOrganisation:
    """
    Return an example.

    Raises:
        UnknownIdError: There is none of that name.

    Example:
        >>> [service.id for service in read_example("building-permit").services]
        ['zoning-advice', 'building-permit']
    """
    return from_yaml(example_text(name))
