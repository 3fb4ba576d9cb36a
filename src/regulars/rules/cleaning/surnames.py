"""Chinese surnames: which characters are one, which pairs are, and how each is read as a surname.

The single ones are the Hundred Family Surnames (百家姓, tenth century) and those frequent today that it lacks. Readings
are surname tradition where the dictionary's first reading is another: 单 is Shàn, not dān. Where two traditions live
side by side (覃 Qín and Tán, 乐 Yuè and Lè) the more frequent one stands first and the other is in `OTHER_READINGS`.
"""

import unicodedata
from typing import Final

#: 百家姓 in its own order, simplified.
_HUNDRED: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓"
    "郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉"
    "宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧"
    "殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公"
)
_LATER: Final = (
    "肖付闫覃代兰牟佟苟阳鄢官佘岳楚仝亢冼麦甯粟亓仉佴光初励占原展揭敬斐栗母沐泰涂漆盘眭矫硕种税笪练缑芦英菅萨虎衣谌谯买赫达运"
    "逢遇郄郇邝铁锁降隋雒靖香鹿黑折朴撒哈冶员尉苑寻闪由畅信寸刀召化普者海呼才智来火玉理生桃楼汝洛浩潭宛律忻恽户妥姒帅库延开弋"
    "坚墨奉嵩岩回台况斛晟禚隽幺么麴妫蔄粘区繁句藏过祭洗锺乾邸郐遆郯郧鄞亶亚银楮丘斯皇褟迟赏逊贝"
)
SINGLE_SURNAMES: Final = frozenset(_HUNDRED + _LATER)
COMPOUND_SURNAMES: Final = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 "
    "申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 "
    "宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 左丘 东门 西门 第五 叶赫 完颜 纳兰 耶律 "
    "欧陽 歐陽 司馬 東方 諸葛 尉遲 長孫 鍾離 鐘離 聞人 軒轅 獨孤 濮陽 萬俟 澹臺 公孫 慕容 鮮于 閭丘 顓孫 樂正 穀梁 "
    "東郭 南門 東門 西門 左丘 葉赫 完顏 納蘭 南宮 太史 仲孫 呼延 申屠".split()
)
#: Surnames whose reading is not the character's usual one, with their tones.
READINGS_WITH_TONES: Final = {
    "单": "shàn", "單": "shàn", "曾": "zēng", "仇": "qiú", "区": "ōu", "區": "ōu", "查": "zhā", "解": "xiè",
    "任": "rén", "盖": "gě", "蓋": "gě", "种": "chóng", "朴": "piáo", "华": "huà", "華": "huà", "燕": "yān",
    "纪": "jǐ", "紀": "jǐ", "乐": "yuè", "樂": "yuè", "缪": "miào", "繆": "miào", "翟": "zhái", "秘": "bì",
    "折": "shé", "黑": "hè", "员": "yùn", "員": "yùn", "宁": "níng", "寧": "níng", "甯": "nìng", "牟": "mù",
    "覃": "qín", "晟": "chéng", "洗": "xiǎn", "冼": "xiǎn", "逄": "páng", "召": "shào", "祭": "zhài", "葛": "gě",
    "褚": "chǔ", "应": "yīng", "應": "yīng", "於": "yū", "隗": "wěi", "幺": "yāo", "么": "yāo", "繁": "pó",
    "都": "dū", "句": "gōu", "乜": "niè", "藏": "zāng", "薄": "bó", "贲": "bēn", "过": "guō", "過": "guō",
    "仉": "zhǎng", "佴": "nài", "阚": "kàn", "闞": "kàn", "费": "fèi", "郇": "xún", "那": "nā", "哈": "hǎ",
    "撒": "sǎ", "令": "líng", "相": "xiàng", "暨": "jì", "宿": "sù", "卜": "bǔ", "盛": "shèng", "石": "shí",
    "车": "chē", "粘": "nián", "郗": "xī", "訾": "zī", "缴": "jiǎo", "柏": "bǎi", "晁": "cháo", "适": "kuò",
    "尉迟": "yù chí", "尉遲": "yù chí", "万俟": "mò qí", "萬俟": "mò qí", "澹台": "tán tái", "澹臺": "tán tái",
    "长孙": "zhǎng sūn", "長孫": "zhǎng sūn", "令狐": "líng hú", "乐正": "yuè zhèng", "樂正": "yuè zhèng",
    "谷梁": "gǔ liáng", "穀梁": "gǔ liáng", "鲜于": "xiān yú", "鮮于": "xiān yú", "亓官": "qí guān",
    "呼延": "hū yán", "拓跋": "tuò bá", "夹谷": "jiá gǔ", "宰父": "zǎi fǔ", "皇甫": "huáng fǔ", "单于": "chán yú",
}  # fmt: skip
#: The second living tradition of a surname's reading: whoever says it so is found as well.
OTHER_READINGS: Final = {
    "覃": "tan", "乐": "le", "樂": "le", "郗": "chi", "谌": "shen", "諶": "shen", "隗": "kui", "盖": "gai", "牟": "mou",
    "车": "ju", "費": "bi", "费": "bi", "宁": "ning", "柏": "bo", "郇": "huan", "朴": "pu", "翟": "di", "洗": "xi",
    "区": "qu", "單": "dan", "单": "dan", "阚": "han", "粘": "zhan", "尉": "yu", "俞": "shu", "郄": "qie", "仝": "tong",
}  # fmt: skip


def without_tones(reading: str) -> str:
    """A reading as it is typed: no tones, ü as v.

    >>> without_tones("yuè zhèng"), without_tones("lǚ")
    ('yue zheng', 'lv')
    """
    apart = unicodedata.normalize("NFD", reading)
    kept = "".join(sign for sign in apart if not unicodedata.combining(sign) or sign == "\u0308")
    return unicodedata.normalize("NFC", kept).replace("ü", "v")


#: The same readings as they are typed.
SURNAME_READINGS: Final = {surname: without_tones(reading) for surname, reading in READINGS_WITH_TONES.items()}


def is_surname(text: str) -> bool:
    """Whether the characters (simplified, or a compound in either script) are a surname of the tables.

    >>> is_surname("单"), is_surname("欧阳"), is_surname("芳")
    (True, True, False)
    """
    return text in SINGLE_SURNAMES or text in COMPOUND_SURNAMES
