"""What follows from six hours of back pain after lifting, and why. Run it: `python examples/quickstart.py`."""

from datetime import timedelta

from backpain_rules import Injury, KnowledgeBase, Pain, absent

kb = KnowledgeBase.load("acupuncture")
result = kb.assess([
    Pain(region="lumbar", severity=8, duration=timedelta(hours=6)),
    Injury(region="lumbar", mechanism="lifting", since=timedelta(hours=6)),
    absent("muscle_imbalance"),
])  # fmt: skip
for advice in result.recommendations:
    print(f"{advice.intervention} for {advice.for_condition}, {'firm' if result.is_firm(advice) else 'provisional'}")
print(result.why(result.findings[1]))
