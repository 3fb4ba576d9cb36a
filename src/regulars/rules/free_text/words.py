"""Words that make a text about somebody sensitive (PIPL 28, GDPR 9), a list of our own in English and 中文.

An English word stands for its beginning where it ends in `*`, else for itself; several words are meant in this order.
Chinese is found wherever it stands, but not inside one of `HARMLESS`. A word that shops use every day for goods or
places is left out or needs its neighbour: nobody reads warnings that come for a rose or a Christmas tree.
"""

from collections.abc import Mapping
from typing import Final


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", " ").replace("、", ",").split(",") if word.strip())


ENGLISH: Final[Mapping[str, tuple[str, ...]]] = {
    "religion": _listed("""
        muslim*, islam*, jewish, jew, jews, judaism, christian, christians, christianity, catholic*,
        protestant*, baptist*, methodist*, mormon*, quaker*, hindu*, buddhis*, sikh*, taoist*, atheis*,
        her church, his church, their church, goes to church, mosque, synagogue, religious, religion,
        her faith, his faith, their faith, ramadan, keeps kosher, halal only, only halal, sabbath, jehovah*,
        rabbi, imam
    """),
    "health": _listed("""
        diabet*, cancer, hiv, aids patient, chemo*, depress*, bipolar, schizophren*, epilep*, dementia,
        alzheimer*, parkinson*, pregnan*, miscarr*, disabled, disability, wheelchair*, asthma*, allergic,
        allerg*, anaphyla*, heart attack, heart disease, stroke patient, suffered a stroke, had a stroke,
        had surgery, operation on her, operation on his, hospital*, diagnos*, medication*, alcoholic, addict*,
        anorexi*, bulimi*, autis*, adhd, dialysis, tumour, tumor, mental health, mentally ill, infertil*, ivf,
        hepatitis, coeliac, celiac, blood pressure
    """),
    "ethnicity": _listed("""
        ethnic*, roma family, gypsy, gypsies, uyghur*, uighur*, tibetan, her race, his race, skin colour,
        skin color, dark skinned, dark-skinned, of african descent, of asian descent, foreigner from, refugee*,
        asylum seeker*
    """),
    "politics": _listed("""
        votes for, voted for, votes labour, votes republican, votes democrat, party member,
        member of the party, communist*, republican voter, conservative voter, labour voter, politically,
        political views, political opinion*, far right, far-right, far left, far-left, activist*
    """),
    "sexuality": _listed("""
        gay, lesbian*, bisexual*, homosexual*, transgender*, transsexual*, queer, sexual orientation,
        her wife and she, his boyfriend, her girlfriend, sex life, same-sex, same sex, lgbt*
    """),
    "union": _listed("""
        trade union*, union member*, union rep*, shop steward, labour union*, labor union*, unionis*, unioniz*,
        on strike with
    """),
}  # fmt: skip
CHINESE: Final[Mapping[str, tuple[str, ...]]] = {
    "religion": _listed("""
        穆斯林、伊斯兰、基督徒、基督教、天主教、佛教、信佛、道教、犹太、教徒、信教、宗教、礼拜、清真寺、
        教堂做、斋月、只吃清真、吃清真、受洗、皈依、居士、无神论
    """),
    "health": _listed("""
        糖尿病、癌、肿瘤、艾滋、乙肝、肝炎、抑郁、躁郁、精神病、精神分裂、癫痫、高血压、血压高、心脏病、中风、
        偏瘫、残疾、轮椅、怀孕、孕妇、身孕、流产、不孕、过敏、哮喘、住院、手术、化疗、透析、确诊、病史、服药、
        吃药、痴呆、自闭症、多动症、酗酒、吸毒、戒毒、失眠症、病情
    """),
    "ethnicity": _listed("""
        回族、维吾尔、维族、藏族、满族、蒙古族、朝鲜族、壮族、苗族、彝族、少数民族、民族成分、肤色、黑人、
        白人、混血、难民
    """),
    "politics": _listed("""
        党员、入党、民主党派、政治面貌、政治立场、政治观点、投票给、上访、异见、群众面貌
    """),
    "sexuality": _listed("""
        同性恋、双性恋、变性、跨性别、性取向、出柜、男同、女同、性生活
    """),
    "union": _listed("""
        工会会员、工会干部、工会主席、参加工会、加入工会、罢工
    """),
}  # fmt: skip
#: Where a Chinese word above stands inside one of these, it means something else.
HARMLESS: Final = _listed("""
    礼拜天、礼拜一、礼拜二、礼拜三、礼拜四、礼拜五、礼拜六、礼拜日、下礼拜、上礼拜、这礼拜、个礼拜、防过敏、
    抗过敏、不过敏、无过敏、低过敏、女同事、男同事、女同学、男同学、孕妇装、黑人牙膏
""")
#: Where an English word above stands inside one of these, likewise.
HARMLESS_ENGLISH: Final = _listed("""
    anti-allergy, christian dior, christian louboutin, church street, gay street, hospital road, hospitality,
    hypoallergenic, non-allergenic, not allergic
""")
