from typing import Any, get_args

from contract.messages import Question

Json = dict[str, Any]


def test_each_session_keeps_its_answers(resources: list[Json]) -> None:
    responses = [one for one in resources if one["resourceType"] == "QuestionnaireResponse"]
    assert len(responses) == 6
    answers = {item["linkId"]: item["answer"] for item in responses[0]["item"]}
    assert answers["pain_set"] == [{"valueInteger": 2}]
    assert answers["rir"][0]["valueCoding"]["code"] == "1-2"


def test_every_question_of_the_wire_is_described(resources: list[Json]) -> None:
    [questions] = [one for one in resources if one["resourceType"] == "Questionnaire"]
    assert [item["linkId"] for item in questions["item"]] == list(get_args(Question))
    response = next(one for one in resources if one["resourceType"] == "QuestionnaireResponse")
    assert response["questionnaire"] == questions["url"]
