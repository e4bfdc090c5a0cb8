"""The words of this pack in Simplified Chinese. Those of the pack that it extends are said there."""

from __future__ import annotations

from backpain_rules import Translation

SIMPLIFIED_CHINESE = Translation(
    labels={
        "back_feels_cold": "腰部发凉",
        "back_feels_heavy": "腰部沉重",
        "back_hard_to_turn": "腰部转侧不利",
        "local_heat": "腰部局部发热",
        "fixed_pain": "痛处固定",
        "insidious_onset": "起病隐匿",
        "worse_in_rain_or_cold": "阴雨或寒冷时加重",
        "worse_with_heat": "遇热加重",
        "better_with_warmth": "得温减轻",
        "relieved_by_rest": "卧床休息后缓解",
        "worse_on_pressure": "按压时加重",
        "worse_on_turning": "转侧时加重",
        "white_greasy_coating": "舌苔白腻",
        "yellow_greasy_coating": "舌苔黄腻",
        "deep_tight_pulse": "脉沉紧",
        "soggy_rapid_pulse": "脉濡数",
        "scanty_dark_urine": "小便短赤",
        "damp_cold_picture": "寒湿之象",
        "damp_heat_picture": "湿热之象",
        "kidney_picture": "肾虚腰痛",
        "injury_picture": "似由损伤所致的腰痛",
        "kidney_yin_and_yang_deficiency": "肾阴阳两虚",
    },
    questions={
        "back_feels_cold": "您的腰部觉得冷吗？",
        "back_feels_heavy": "您的腰部觉得沉重吗？",
        "back_hard_to_turn": "您的腰部转动困难吗？",
        "local_heat": "疼痛的地方感觉发热吗？",
        "fixed_pain": "疼痛总是在同一个地方吗？",
        "insidious_onset": "疼痛是否开始得很慢，慢到您几乎没有察觉？",
        "worse_in_rain_or_cold": "下雨或寒冷时，疼痛会加重吗？",
        "worse_with_heat": "受热时，疼痛会加重吗？",
        "better_with_warmth": "温暖时，疼痛会减轻吗？",
        "relieved_by_rest": "卧床能缓解疼痛吗？",
        "worse_on_pressure": "别人按压痛处时，疼痛会加重吗？",
        "worse_on_turning": "转身时，疼痛会加重吗？",
        "white_greasy_coating": "舌苔是否色白而腻？",
        "yellow_greasy_coating": "舌苔是否色黄而腻？",
        "deep_tight_pulse": "脉象是否沉而紧？",
        "soggy_rapid_pulse": "脉象是否濡而数？",
        "scanty_dark_urine": "您的尿是否颜色深、量少？",
    },
    statements={
        "damp_pages:COLD": "寒湿腰痛：腰部发凉、沉重、转侧不利；阴雨、寒冷时加重，得温减轻；舌苔白腻，脉沉紧。",
        "damp_pages:HEAT": "湿热腰痛：局部发热、沉重；遇热加重；小便短赤，舌苔黄腻，脉濡数。",
        "innerpath:DAMP": "卧床休息不能缓解的腰痛属寒湿。",
        "innerpath:KIDNEY": "不知不觉起病、程度轻、卧床休息后减轻的腰痛属肾虚。",
        "innerpath:TRAUMA": "痛处固定、按压或转侧时加重的腰痛来自损伤。",
        "herbaday:WARMTH": "湿热腰痛得温减轻。",
        "jfmdp:HOT": "喜热饮是阳虚的一项诊断标准。",
        "criteria:KIDNEY": "肾虚须有六项表现中的三项，并须排除损伤。",
        "criteria:YANG": "阳虚须有四项主要表现中的三项（第一项必备），以及两项次要表现中的一项。",
        "criteria:BOTH": "肾阳虚即肾虚兼有阳虚。",
        "criteria:KNEES": "腰膝酸软为肾阴虚、肾阳虚所共有，因此不能用来区分两者。",
        "tm1:SF94": "肾阴虚兼有肾阳虚，自成一个证型。",
    },
    texts={
        "Signs of Chinese medicine in lumbar pain": "腰痛的中医征象",
        "Two pages on lumbar pain in Chinese medicine: zy.qm120.com/t416/uq0v/2009112457304.htm and "
        "m.easyfang.com/a/2021/1202/011020307.html": "两个讲中医腰痛的网页：zy.qm120.com/t416/uq0v/2009112457304.htm 和 "
        "m.easyfang.com/a/2021/1202/011020307.html",
        "Disorders of the low back, a teaching page on acupuncture": "腰部病症：一个针灸教学网页",
        "Lower back pain, a page on Chinese herbs": "腰痛：一个讲中草药的网页",
        "Journal of Family Medicine and Disease Prevention, jfmdp-3-049, table 1": "《家庭医学与疾病预防杂志》，jfmdp-3-049，表 1",
        "Diagnostic criteria of deficiency patterns of 1986 (daowen.com/book/content/235705318/2610053.html)": "1986 年"
        "虚证诊断标准（daowen.com/book/content/235705318/2610053.html）",
        "Patterns of traditional medicine in ICD-11, as the Taiwanese FHIR guide lists them (nricmig/Nricm_TWCMIG)": "ICD-11 "
        "中的传统医学证型，依台湾 FHIR 指南所列（nricmig/Nricm_TWCMIG）",
        "Signs of dampness with cold": "寒湿的表现",
        "Signs of dampness with heat": "湿热的表现",
        "Signs of kidney yin deficiency, warm drinks left out": "肾阴虚的表现（不含渴喜温饮）",
        # what to take care of
        "warmth": "温热的影响",
        "heat is said to make damp-heat worse, so relief by warmth does not fit": "有出处称热会加重湿热，因此得温减轻与湿热不符",
        "warmth is said to relieve damp-heat, so relief by warmth fits": "有出处称温热可缓解湿热，因此得温减轻与湿热相符",
        "injury_before_kidney": "先排除损伤，再论肾虚",
        "criteria of kidney deficiency ask that an injury be excluded first": "肾虚的诊断标准要求先排除损伤",
        # notes of rules
        "Another source says the contrary; both cautions stand, and the conflict is reported.": "另一出处说法相反；"
        "两条注意事项并列，矛盾另行列出。",
        "Two other sources say the contrary; both cautions stand, and the conflict is reported.": "另有两个出处说法相反；"
        "两条注意事项并列，矛盾另行列出。",
        "Supersedes what article:E2 says of warm drinks; its other signs are kept.": "取代 article:E2 关于温饮的说法，其余表现保留。",
        "The signs are those of article:E3, with one that may not be missing.": "所用表现即 article:E3 所列，但其中一项必备。",
        "An injury has to be known not to be there. It says kidney, and neither yin nor yang.": "须确知没有损伤。"
        "只说明属肾虚，不分阴阳。",
    },
)
