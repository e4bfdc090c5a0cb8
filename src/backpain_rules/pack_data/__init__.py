"""Packs as data: JSON and YAML that need no Python, written from a pack and read back to an equal one."""

from __future__ import annotations

from .files import pack_from_file as pack_from_file
from .read import pack_from_data as pack_from_data
from .read import pack_from_json as pack_from_json
from .schema import pack_schema as pack_schema
from .write import pack_to_data as pack_to_data
from .write import pack_to_json as pack_to_json
from .yaml_text import pack_from_yaml as pack_from_yaml
from .yaml_text import pack_to_yaml as pack_to_yaml

__all__ = [
    "pack_from_data", "pack_from_file", "pack_from_json", "pack_from_yaml", "pack_schema",
    "pack_to_data", "pack_to_json", "pack_to_yaml",
]  # fmt: skip
