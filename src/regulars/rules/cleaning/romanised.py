"""Chinese names in the letters of Hong Kong, Macau, Singapore and Malaysia; and where the family name stands, also in
those of Taiwan: Chan Tai Man, Lim Ah Seng, Leung Chiu-wai, Tsai Ing-wen.

Surnames and syllables are those on identity cards, which follow ear and custom and no rule of spelling: Cantonese as
Hong Kong's registry writes it, Hokkien, Teochew and Hakka as South-East Asia does. A surname that is often a syllable
of a given name too says less of where the family name stands.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from regulars.rules.cleaning.wade_giles import READ
from regulars.rules.cleaning.wade_giles import SURNAMES as IN_TAIWAN

#: Surname in letters → the characters it is written with, simplified.
_SURNAMES: Final = """
chan 陈; chin 陈; tan 陈; wong 黄王汪; vong 黄王; cheung 张章; cheong 张; teo 张; teoh 张; chong 张庄; leung 梁;
leong 梁; neo 梁; lau 刘; lao 刘; liew 刘; low 刘罗; lew 刘; lee 李; li 李; lei 李; lam 林; lim 林; lum 林; kwok 郭;
kuok 郭; quek 郭; kwek 郭; kwan 关; kuan 关; kwong 邝; tse 谢; che 谢; seah 谢; chia 谢; cheah 谢; yeung 杨;
ieong 杨; yeo 杨; yeoh 杨; tam 谭; tham 谭; tsang 曾; chang 曾张; chow 周; chau 周; chew 周; ng 吴伍黄; goh 吴;
mak 麦; poon 潘; pun 潘; phua 潘; law 罗; lo 罗卢; loh 罗; tang 邓; teng 邓; choi 蔡; choy 蔡; tsoi 蔡; chua 蔡;
chuah 蔡; chui 徐崔; tsui 徐崔; yip 叶; ip 叶; yap 叶; yuen 袁阮; hui 许; koh 许高; khor 许; siu 萧; chiu 赵;
chio 赵; mok 莫; au 欧区; ong 王; heng 王; tay 郑; teh 郑; cheng 郑; kwang 邝; toh 卓杜; khoo 邱; yau 邱; ang 洪;
soh 苏; so 苏; gan 颜; png 方; fong 方; fung 冯; foong 冯; pang 彭; sim 沈; sum 沈; wee 黄; ooi 黄; kang 江;
kong 江; kwa 柯; sng 孙; suen 孙; sun 孙; chng 庄; hung 洪孔; hong 洪; tong 唐汤; tng 唐; ho 何; hoh 何; ko 高;
lui 吕雷; loo 吕卢; lai 黎赖; man 文; wan 温尹; wu 胡; chu 朱; chung 钟; shum 岑沈; yu 余于俞; to 杜; yiu 姚;
yim 严; fan 范; fok 霍; pak 白; shek 石; sze 施; sin 冼; ling 凌; ma 马; mui 梅; ngai 魏; ngan 颜; luk 陆; lok 骆;
lung 龙; liu 廖; kan 简; ku 古; tai 戴; tso 曹; cho 曹; yung 容翁; leow 廖; han 韩; hon 韩; hau 侯;
kam 甘金; chai 柴; foo 符傅; fu 傅; hsu 许; boey 梅; thong 汤; see 施; sia 谢; ee 余; eu 余; szeto 司徒; situ 司徒;
auyeung 欧阳; auyong 欧阳; owyong 欧阳; sheungkoon 上官
"""
#: Surnames that are as often a syllable of a given name, or a word elsewhere.
_GIVEN_TOO: Final = frozenset(
    """
    ang au cheng chi chin cho chu chui chung eu ee fan fong foo fu fung han hau heng ho hoh hon hong hung kam kan kang
    ko kong ku lai lam lei ling liu lo lok loo luk lui lum lung man mui ngai ngan pak see shek sia sim sin siu so sum
    sun suen sze tai to tong tso wan wee wu yau yim yiu yu yuen yung
    """.split()
)
#: Surnames of two words.
_OF_TWO_WORDS: Final = frozenset({"au yeung", "au yong", "ow yong", "ou yang", "sze to", "si tu", "sheung koon"})
#: Surnames of mainland pinyin that say as much of where the family name stands.
_IN_PINYIN: Final = frozenset(
    "wang zhang liu chen yang huang zhao wu zhou xu sun zhu hu guo gao lin luo zheng liang xie han deng cao peng "
    "zeng xiao tian dong pan yuan cai jiang wei su lu ding ren yao shen zhong cui shi liao jia xia zou xiong meng "
    "qin qiu hou xue duan tao shao".split()
)
_SYLLABLE: Final = re.compile(
    r"(?:(?:ng|kw|gw|ch|kh|ph|th|ts|tz|sh|hs|[bpmfdtnlgkhjyws])?"
    r"(?:aa?[hiuwr]?|a[my]|an|ang|a[ptk]|aat|eh?|ee|e[iuwy]|ean|eng|ek|eong|eun?g?|eow?|i|i[aeou]|iew|ien|im|in|ing|i[ptk]|iam|iang|iap"
    r"|iong|iok|oh?|o[iyuw]|on|ong|o[tk]|oo[nk]?|oong|ui?|uk|un|ung|ut|uen|uet|ue|ua[hny]?|uang|uan|ueh|wee|wei|wang)"
    r"|ng|sng|png|tng|chng|hng)\Z"
)
#: Syllables that are names elsewhere, and hardly ever one of a Chinese given name.
_NAMES_ELSEWHERE: Final = frozenset("sam tim pat kate dan jan jay joe ian lea leo mia noah tom ben ann an sue".split())
WHERE_FIRST: Final = frozenset({"HK", "MO", "SG", "MY", "TW"})

#: Syllable of a given name as Hong Kong writes it → characters it stands for most, simplified.
_SYLLABLES: Final = """
cham 湛; chak 泽; chau 秋; chi 志子芝智; chin 展前; ching 清静贞正程晶; chit 哲; chiu 超昭朝; cho 楚祖; choi 才彩;
chu 珠柱; chuen 全泉川; chui 翠; chun 俊春振晋津; chung 忠仲聪宗; fai 辉; fan 凡芬帆; fat 发; fong 芳; fu 富;
fuk 福; fun 欢; fung 凤峰丰锋; ha 霞夏; hang 恒行杏; hau 厚孝; hei 希熙喜; heung 香; hin 轩显; hing 兴庆馨;
ho 豪浩可昊; hoi 海凯开; hok 学鹤; hon 汉瀚翰; hong 康; hung 雄红鸿洪; ka 家嘉; kai 启佳; kam 锦金; kan 勤;
kar 家嘉; kau 球; kei 琪基奇; ki 琪基; kin 健建坚; king 琼敬; kit 杰洁; ko 高; kuen 娟权; kui 居; kun 冠; kung 恭;
kwan 君均坤; kwai 贵桂; kwok 国; kwong 光广; kwun 冠; lai 丽黎励; lam 林琳霖岚; lan 兰; lap 立; lau 柳; lee 利;
lei 莉; leung 良亮; li 莉; lik 力; lim 廉; lin 莲连; ling 玲灵凌; lok 乐; long 朗; luen 联恋; lui 蕾; luk 禄;
lun 伦; lung 龙隆; man 文民敏曼万; mau 茂; mei 美薇; ming 明铭; miu 妙; mui 梅妹; muk 木; nam 南楠; nga 雅;
ngai 毅艺; ngan 雁; ngar 雅; ngok 岳; ning 宁; nui 女; oi 爱; on 安; pak 柏伯百; pik 碧; piu 彪; ping 平萍炳;
po 宝保波; pui 佩培沛; pong 邦; sai 世西; sam 森; san 新山珊; sau 秀寿修; sei 思; shan 珊山; she 诗; shek 石;
sheung 尚霜双; shing 成诚胜城; shuk 淑; shui 瑞; shun 顺纯信; shung 崇; si 诗思; sik 锡; sin 仙善倩; sing 星胜;
siu 小少兆笑; so 素; suet 雪; suk 淑; sui 瑞水; sum 心深; sun 新顺; sung 崇; sze 思诗; tai 大泰太; tak 德; tat 达;
tik 迪; tim 甜添; tin 天; ting 婷廷庭; tong 棠堂; to 涛图; tsun 俊; tsz 子梓芷; tung 东彤同; wa 华; wah 华;
wai 伟慧惠威为维蕙; wan 云韵允蕴; wang 宏泓; wing 永荣颖咏; wo 和; wong 旺; woon 焕; wui 会; wun 焕; yam 任;
yan 恩欣仁人茵; yat 日一逸溢; yau 有友悠; yee 仪怡宜义儿; yeuk 若; yeung 扬阳; yi 仪怡以; yik 亦奕易益; yim 艳;
yin 燕贤然妍; ying 英莹颖瑛盈; yip 业; yiu 耀瑶; yu 宇如裕瑜雨; yue 宇如; yuen 元源远婉; yuet 月悦; yui 睿蕊;
yuk 玉育旭; yung 勇容蓉; yun 润
"""


def _table(told: str) -> Mapping[str, str]:
    entries = map(str.split, told.split(";"))
    return {entry[0]: entry[1] for entry in entries}


#: In letters → the characters.
SURNAMES: Final = _table(_SURNAMES)
SYLLABLES: Final = _table(_SYLLABLES)


def words_of_family(words: Sequence[str], country: str = "") -> tuple[int, int] | None:
    """From and before which word the family name stands; None where the name is not one of these, or does not say.

    >>> words_of_family(["Chan", "Tai", "Man"]), words_of_family(["Tony", "Leung", "Chiu-wai"])
    ((0, 1), (1, 2))
    >>> words_of_family(["Chan", "Tai"]), words_of_family(["Long", "John", "Silver"])
    (None, None)
    """
    plain = [word.casefold() for word in words]
    if " ".join(plain[:2]) in _OF_TWO_WORDS and _is_given(plain[2:]):
        return 0, 2
    first = len(plain) > 1 and _says(plain[0]) if _is_given(plain[1:]) else 0
    last = len(plain) > 1 and _says(plain[-1]) if _is_given(plain[:-1]) else 0
    if first > last or (first and first == last and country in WHERE_FIRST):
        return 0, 1
    if last > first:
        return len(plain) - 1, len(plain)
    return _beside_a_name_from_elsewhere(plain)


def may_be_either(words: Sequence[str]) -> bool:
    """Whether the first word may be the family's as well as the last: Wong Ka Chan.

    >>> may_be_either(["Wong", "Ka", "Chan"]), may_be_either(["Chan", "Ka", "Ho"])
    (True, False)
    """
    plain = [word.casefold() for word in words]
    return _is_given(plain[1:]) and _is_given(plain[:-1]) and 0 < _says(plain[0]) == _says(plain[-1])


def _beside_a_name_from_elsewhere(words: Sequence[str]) -> tuple[int, int] | None:
    """Chan Tai Man Peter, Tony Leung Chiu-wai."""
    if len(words) < 3:
        return None
    if _is_strong(words[0]) and _is_given(words[1:-1]) and _is_from_elsewhere(words[-1]):
        return 0, 1
    return (1, 2) if _is_from_elsewhere(words[0]) and _is_strong(words[1]) and _is_given(words[2:]) else None


def _says(word: str) -> int:
    """How much a word says of being the family name: 2 when it is hardly anything else, 1 when it may be, 0 else."""
    if word in _GIVEN_TOO:
        return 1
    return 2 if word in SURNAMES or word in _IN_PINYIN or word in IN_TAIWAN else 0


def _is_strong(word: str) -> bool:
    return _says(word) > 1 and word in SURNAMES


def _is_given(words: Sequence[str]) -> bool:
    """Two or three syllables, apart or with a hyphen."""
    syllables = [syllable for word in words for syllable in word.split("-")]
    return 2 <= len(syllables) <= 3 and all(map(_is_syllable, syllables))


def _is_syllable(word: str) -> bool:
    return word.isascii() and word not in _NAMES_ELSEWHERE and (word in READ or _SYLLABLE.match(word) is not None)


def _is_from_elsewhere(word: str) -> bool:
    """A whole word that is no syllable: Peter, Tony."""
    return len(word) > 2 and word.isalpha() and not _is_syllable(word) and word not in SURNAMES
