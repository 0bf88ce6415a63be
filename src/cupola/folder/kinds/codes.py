"""Currency codes (ISO 4217, national currencies in use) and language codes (ISO 639) that a folder may name."""

import re

_CURRENCIES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""

_LANGUAGES = """
    aa:Afar ab:Abkhazian af:Afrikaans ak:Akan am:Amharic an:Aragonese ar:Arabic as:Assamese av:Avaric ay:Aymara
    az:Azerbaijani ba:Bashkir be:Belarusian bg:Bulgarian bi:Bislama bm:Bambara bn:Bengali bo:Tibetan br:Breton
    bs:Bosnian ca:Catalan ce:Chechen ceb:Cebuano ch:Chamorro chr:Cherokee cmn:Mandarin co:Corsican cs:Czech
    cv:Chuvash cy:Welsh da:Danish de:German dv:Divehi dz:Dzongkha ee:Ewe el:Greek en:English eo:Esperanto es:Spanish
    et:Estonian eu:Basque fa:Persian ff:Fulah fi:Finnish fil:Filipino fj:Fijian fo:Faroese fr:French fy:Frisian
    ga:Irish gd:Scottish_Gaelic gl:Galician gn:Guarani gu:Gujarati gv:Manx ha:Hausa haw:Hawaiian he:Hebrew hi:Hindi
    hmn:Hmong ho:Hiri_Motu hr:Croatian ht:Haitian_Creole hu:Hungarian hy:Armenian hz:Herero id:Indonesian ig:Igbo
    ii:Yi ik:Inupiaq ilo:Iloko is:Icelandic it:Italian iu:Inuktitut ja:Japanese jv:Javanese ka:Georgian kea:Cape_Verdean
    kg:Kongo ki:Kikuyu kj:Kuanyama kk:Kazakh kl:Greenlandic km:Khmer kn:Kannada ko:Korean kr:Kanuri ks:Kashmiri
    ku:Kurdish kv:Komi kw:Cornish ky:Kyrgyz la:Latin lb:Luxembourgish lg:Ganda li:Limburgish ln:Lingala lo:Lao
    lt:Lithuanian lu:Luba-Katanga lv:Latvian mam:Mam mg:Malagasy mh:Marshallese mi:Maori mk:Macedonian ml:Malayalam
    mn:Mongolian mr:Marathi ms:Malay mt:Maltese my:Burmese na:Nauru nb:Bokmal nd:North_Ndebele ne:Nepali ng:Ndonga
    nl:Dutch nn:Nynorsk no:Norwegian nr:South_Ndebele nv:Navajo ny:Chichewa oc:Occitan oj:Ojibwa om:Oromo or:Oriya
    os:Ossetian pa:Punjabi pi:Pali pl:Polish prs:Dari ps:Pashto pt:Portuguese qu:Quechua quc:Kiche rm:Romansh
    rn:Rundi ro:Romanian ru:Russian rw:Kinyarwanda sa:Sanskrit sc:Sardinian sd:Sindhi se:Northern_Sami sg:Sango
    si:Sinhala sk:Slovak sl:Slovenian sm:Samoan sn:Shona so:Somali sq:Albanian sr:Serbian ss:Swati st:Sotho
    su:Sundanese sv:Swedish sw:Swahili ta:Tamil te:Telugu tg:Tajik th:Thai ti:Tigrinya tk:Turkmen tl:Tagalog
    tn:Tswana to:Tongan tr:Turkish ts:Tsonga tt:Tatar tw:Twi ty:Tahitian ug:Uyghur uk:Ukrainian ur:Urdu uz:Uzbek
    ve:Venda vi:Vietnamese vo:Volapuk wa:Walloon wo:Wolof xh:Xhosa yi:Yiddish yo:Yoruba yue:Cantonese za:Zhuang
    zh:Chinese zu:Zulu
"""
CURRENCIES = tuple(re.findall(r"[A-Z]{3}", _CURRENCIES))
LANGUAGES = {code: name.replace("_", " ") for code, name in re.findall(r"([a-z]{2,3}):(\S+)", _LANGUAGES)}
