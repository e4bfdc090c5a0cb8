"""When not to wait, and what asks for caution: red flags of back pain.

Flags are graded by count; signs of a cauda equina syndrome are an emergency by themselves. A referral that is urgent or
an emergency overrides every treatment and medication, whichever pack it comes from. The pack requires no other. It is a
worked example of a safety pack, **no medical advice**: SOURCES.md says which of its decisions no source gives.
"""

from __future__ import annotations

from backpain_rules import Pack, accept, constraints_in, hookimpl, rules_in, terms_in

from . import (
    aneurysm,
    cauda_equina,
    cautions,
    cord,
    fracture,
    guidelines,
    inflammatory,
    nerve_root,
    pregnancy,
    tumour_or_infection,
    ureteric_colic,
    withholding,
    words,
)
from .sources import ACP2017, NG59, PREGNANCY_REVIEW, SOURCES, WHO1999
from .zh_hans import SIMPLIFIED_CHINESE

PACK = Pack(
    "red_flags",
    version="1.0",
    title="Red flags of back pain",
    sources=SOURCES,
    rules=rules_in(
        cauda_equina,
        nerve_root,
        fracture,
        tumour_or_infection,
        cord,
        aneurysm,
        ureteric_colic,
        inflammatory,
        pregnancy,
        withholding,
        cautions,
        guidelines,
    ),
    constraints=constraints_in(withholding, nerve_root),
    accepts=[
        accept(
            "BR004",
            [guidelines.against, guidelines.in_favour],
            "the guidelines disagree; both are shown where acupuncture is recommended or wanted, and neither is preferred",
            source=(NG59["ACUPUNCTURE"], ACP2017["ACUPUNCTURE"]),
        ),
        accept(
            "BR004",
            [cautions.pregnancy_caution, cautions.pregnancy_no_harm],
            "one source asks for great caution and another found no harm; both are shown to who is pregnant",
            source=(WHO1999["PREGNANCY"], PREGNANCY_REVIEW["PREGNANCY"]),
        ),
    ],
    terms=terms_in(words),
    parameters=[
        words.OLDER_THAN,
        words.AGE_OVER,
        words.AGE_UNDER,
        words.TUMOUR_FLAGS,
        words.FRACTURE_FLAGS,
        words.NERVE_SIGNS,
        words.ANEURYSM_AGE,
        words.INFLAMMATORY_AFTER,
        words.INFLAMMATORY_SIGNS,
        words.BERLIN_AGE,
        words.BERLIN_SIGNS,
        words.SPONDYLOARTHRITIS_SIGNS,
        words.HLA_B27_SIGNS,
    ],
    translations={"zh-Hans": SIMPLIFIED_CHINESE},
    sign_sets=[
        words.CAUDA_EQUINA_SIGNS,
        words.NERVE_SIGN_SET,
        words.FRACTURE_FLAG_SET,
        words.TUMOUR_FLAG_SET,
        words.INFLAMMATORY_SIGN_SET,
        words.BERLIN_SIGN_SET,
        words.SPONDYLOARTHRITIS_SIGN_SET,
    ],
)


@hookimpl
def backpain_rules_pack() -> Pack:
    """The hook by which the pack is found."""
    return PACK
