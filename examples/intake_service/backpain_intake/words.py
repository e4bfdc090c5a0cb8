"""What the pages themselves say. The questions and the report come from the packs, in the languages that those have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

NAMES: Final = {"en": "English", "zh-Hans": "简体中文"}
CHINESE: Final = {
    "Questions about your back": "关于您背部的问题",
    "Before you begin": "开始之前",
    "Your answers are not stored. Close the page and they are gone.": "您的回答不会被保存，关闭页面即消失。",
    "This is an example for developers. It is not medical advice.": "这是给开发者的示例，不是医疗建议。",
    "With numbness between the legs, trouble holding or passing water, or new weakness of a leg, do not fill in forms: "
    "seek help at once.": "如果两腿之间麻木、小便失控或排不出、或腿部新近无力，请不要填表，立即就医。",
    "Begin": "开始",
    "Language": "语言",
    "Yes": "是",
    "No": "否",
    "I don't know": "不知道",
    "Next": "下一题",
    "Back": "上一题",
    "Stop here and see the result": "到此为止，查看结果",
    "Why is this asked?": "为什么问这个？",
    "It bears on: {}": "它关系到：{}",
    "Question {}, at most {} left": "第 {} 题，最多还剩 {} 题",
    "Emergency": "紧急情况",
    "These answers can be signs of an emergency. Stop here and get help now: go to an emergency department or call the "
    "emergency number.": "这些回答可能是急症的征象。请停止答题，立即求助：去急诊科或拨打急救电话。",
    "Tell them there what you answered. This is what the rules say:": "请在那里说明您的回答。规则的结论是：",
    "An answer that is still open can take this back. Do not wait for it.": "尚未回答的问题可能撤回这一结论，但请不要等待。",
    "Go on with the questions all the same": "仍要继续答题",
    "Your answers can be signs of an emergency. Get help now.": "您的回答可能是急症的征象。请立即求助。",
    "Not asked, as only a practitioner can answer: {}": "未询问（只有医者能回答）：{}",
    "Who answers?": "由谁回答？",
    "The person with the pain": "疼痛者本人",
    "A practitioner": "医者",
    "Your result": "您的结果",
    "Begin again": "重新开始",
    "Something is wrong with this request": "这个请求有问题",
    "or a number": "或填数字",
    "Unit": "单位",
    "hours": "小时",
    "days": "天",
    "weeks": "周",
    "What was answered": "已回答",
    "or how long": "或填时长",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {"zh-Hans": CHINESE}


def words(language: str) -> Callable[..., str]:
    """Says the phrases of the pages in one language, in English where it has none."""
    known = WORDS.get(language, {})

    def say(phrase: str, *values: object) -> str:
        said = known.get(phrase, phrase)
        return said.format(*values) if values else said  # a word without values may be data, and is no template

    return say
