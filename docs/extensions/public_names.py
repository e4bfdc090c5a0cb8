"""`.. public-names:: knowledge change`: what the face gives out of these modules, each name by its docstring.

The lists of the face say which names are public and where they are defined, so a new name is documented where its module is.
`tests/unit/test_public_names.py` holds that every module of the face stands on one page.
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from fact_types import fact_type
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from backpain_rules import Fact, errors


class PublicNames(SphinxDirective):
    """The names of a face that some of its modules define; `:face:` is the package, if it is not the library itself."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"face": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        package = self.options.get("face", "backpain_rules")
        modules = self.arguments[0].split()
        face: dict[str, str] = import_module(package)._FACE
        if unknown := sorted(set(modules) - set(face.values())):
            raise self.error(f"no public name of {package} is defined in {', '.join(unknown)}")
        lines = [
            line for module in modules for name in face if face[name] == module for line in documented(package, module, name)
        ]
        node = nodes.section()
        node.document = self.state.document
        self.state.nested_parse(StringList(lines, self.get_source_info()[0]), self.content_offset, node)
        return node.children


def documented(package: str, module: str, name: str) -> list[str]:
    """The directive that documents one name: under the name that one imports, wherever it is defined."""
    value: Any = getattr(import_module(package), name)
    if inspect.isclass(value) and issubclass(value, Exception):
        meaning = [] if value.__doc__ else [f"   {meaning_of_error(name)}", ""]
        return [f".. autoexception:: {package}.{name}", "   :show-inheritance:", "", *meaning]
    if inspect.isclass(value) and issubclass(value, Fact) and value is not Fact:
        return fact_type(f"{package}.{name}", value)
    if inspect.isclass(value):
        return [f".. autoclass:: {package}.{name}", "   :members:", ""]
    if inspect.isfunction(value):
        return [f".. autofunction:: {package}.{name}", ""]
    return [f".. py:data:: {package}.{name}", "", *(f"   {line}" for line in comment(f"{package}.{module}", name)), ""]


def meaning_of_error(name: str) -> str:
    """What the tree of errors says of one of them."""
    found = re.search(rf"^[│├└─ ]*{name} +(.)(.+)$", errors.__doc__ or "", re.MULTILINE)
    if found is None:
        raise LookupError(f"{name} has no docstring, and no line in the tree at the top of errors.py")
    return f"{found[1].upper()}{found[2]}."


def comment(module: str, name: str) -> list[str]:
    """What stands under the assignment of a name as its documentation."""
    return ModuleAnalyzer.for_module(module).find_attr_docs().get(("", name), [])


def resolve(app: Sphinx, env: Any, node: Any, content: nodes.Node) -> nodes.Node | None:
    """A name in the docstring of a module below, found among those of the face."""
    found = node.get("refdomain") == "py" and env.domains["py"].objects.get(f"backpain_rules.{node['reftarget']}")
    return make_refnode(app.builder, node["refdoc"], found.docname, found.node_id, content) if found else None


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("public-names", PublicNames)
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True}
