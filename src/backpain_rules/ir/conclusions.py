"""What a rule concludes: a template of a derived fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ..arguments import listed, text
from ..errors import DefinitionError, PremiseError, UnknownFieldError, did_you_mean
from ..facts.base import Fact
from ..symbols import Symbol
from .expressions import Constant, Expression, Named, Parameter, Ref, Variable, check_value
from .expressions import spoken as spoken

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, eq=False)
class Phrase(Symbol):
    """Text with parameter values in it, put in once, when the knowledge base is loaded."""

    text: str
    parameters: tuple[Parameter[Any], ...]

    def __post_init__(self) -> None:
        text("phrase", "text", self.text)
        place = f"phrase {self.text!r}"
        listed(place, "parameters", self.parameters, Parameter, "a parameter", hint="declare it with parameter(...)")

    def filled(self, values: Mapping[str, object]) -> str:
        """The text with the value of each parameter in the place that has its id."""
        return self.text.format_map({name: spoken(value) for name, value in values.items()})


def phrase(text: str, *parameters: Parameter[Any]) -> Phrase:
    """Text that shows parameters: `phrase("pain below {stop_below}/10", STOP_BELOW)`.

    >>> from backpain_rules import parameter, phrase
    >>> STOP_BELOW = parameter("stop_below", 5, "treatment goes on until the pain is below this", ge=1, le=10)
    >>> phrase("pain below {stop_below}/10", STOP_BELOW).text
    'pain below {stop_below}/10'
    """
    made = Phrase(text, parameters)
    try:
        made.filled({p.id: p.default for p in parameters})
    except (KeyError, IndexError, ValueError) as error:
        known = ", ".join(p.id for p in parameters) or "none"
        raise DefinitionError(f"phrase {text!r}: {error} is not a parameter given to it; given are {known}", text=text) from None
    return made


@dataclass(frozen=True, eq=False)
class Conclusion(Symbol, Generic[F]):
    """A derived fact as a rule states it: each field a constant, a parameter, a phrase or a key of a matched fact.

    `said` are the fields that its author gave; the others have their defaults.
    """

    instead_of_text = "it is for the then= of a rule"
    instead_of_members = "a rule takes several as then=[A.finding(), B.recommend()]"

    kind: type[F]
    fields: Mapping[str, object]
    said: frozenset[str] = frozenset()


def conclude(kind: type[F], /, **fields: object) -> Conclusion[F]:
    """A template for a rule's `then`, for any fact type.

    >>> from backpain_rules import Caution, conclude
    >>> conclude(Caution, about="stiffness", text="stiff and painful").kind.__name__
    'Caution'
    """
    if not (isinstance(kind, type) and issubclass(kind, Fact)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise PremiseError(f"conclude({kind!r}): the first argument is a fact type, such as Finding")
    schema = kind.schema_
    known = tuple(schema.fields)
    for name in fields:
        if name not in schema.fields:
            hint = did_you_mean(name, known) or f"; it has {', '.join(known)}"
            raise UnknownFieldError(f"{kind.__name__} has no field {name!r}{hint}", fact_type=kind.tag(), field=name)
    for name, field in schema.fields.items():
        if field.required and fields.get(name) is None:
            raise DefinitionError(f"conclude({kind.__name__}) lacks {name!r}", fact_type=kind.tag(), field=name)
    given = {name: _template(kind, name, value) for name, value in fields.items() if value is not None}
    return Conclusion(kind, {**{n: f.default for n, f in schema.fields.items() if n not in given}, **given}, frozenset(given))


def _template(kind: type[Fact], name: str, value: object) -> object:
    if isinstance(value, Constant):
        value = value.value
    if isinstance(value, Named):
        declared = kind.schema_.fields[name].vocabulary
        if declared not in (None, value.vocabulary):
            raise PremiseError(f"{kind.__name__}.{name} takes a {declared}, and {value.id!r} is a {value.vocabulary}")
        return value
    if isinstance(value, Phrase):
        check_value(kind, name, value.text)
        return value
    if isinstance(value, Parameter):
        check_value(kind, name, value.default)
        return value
    if isinstance(value, Ref):
        if not value.field.is_key:
            raise PremiseError(
                f"{kind.__name__}.{name} = {value.shown}: only keys of a matched fact can be copied into a conclusion, "
                f"and {value.name!r} is not a key"
            )
        value._compare("==", Ref(Variable(kind, {}), name))
        return value
    if isinstance(value, Expression):
        raise PremiseError(f"{kind.__name__}.{name}: a conclusion copies values, it computes none")
    return check_value(kind, name, value)
