"""The OpenAPI document tells the truth: requests made from it, right ones and wrong ones, get the answers that it lists."""

from __future__ import annotations

import pytest
import schemathesis
from backpain_intake import create_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance

DESCRIBED = schemathesis.openapi.from_asgi("/openapi.json", create_app())
SEARCH = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
OPERATIONS = [found.ok() for found in DESCRIBED.get_all_operations()]


def test_every_route_for_programs_is_described() -> None:
    assert {operation.path for operation in OPERATIONS} == {
        "/interview", "/interview/answer", "/interview/back", "/interview/report", "/cds-services", "/cds-services/{service}",
        "/cds-services/{service}/feedback",
    }  # fmt: skip


def right(operation: APIOperation, data: st.DataObject) -> schemathesis.Case:
    return data.draw(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
@SEARCH
@given(data=st.data())
def test_what_has_the_right_form_gets_an_answer_that_the_document_lists(operation: APIOperation, data: st.DataObject) -> None:
    # A form cannot say that two facts contradict each other, or that a state is no interview; it is right to refuse such.
    right(operation, data).call_and_validate(excluded_checks=[positive_data_acceptance])


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.method == "post"], ids=lambda operation: operation.label)
@SEARCH
@given(data=st.data())
def test_what_has_a_wrong_form_is_refused_as_the_document_says(operation: APIOperation, data: st.DataObject) -> None:
    data.draw(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)).call_and_validate()
