"""The goods of 小满杂货, as data: forty, eight of them with a story and a picture of our own.

The shop sells from the warehouse that the core calls `main`, which stands in Hangzhou, and from one
in Rotterdam, where what is bought in euro lies too. The moon lamp is not made yet: it is sold on
pre-order, a deposit first and the balance from eight tonight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PICTURES = Path(__file__).parent / "pictures"
SELLS, ABROAD = "main", "rotterdam"


@dataclass(frozen=True)
class Good:
    """One SKU: the price in minor units, the units in both warehouses, its picture's file.

    `oversold` units may be promised beyond those on the shelf.
    """

    code: str
    title_zh: str
    title_en: str
    price_minor: int
    currency: str = "CNY"
    units: int = 500
    abroad: int = 0
    picture: str = ""
    oversold: int = 0

    def body(self) -> dict[str, Any]:
        """Return it as the API takes it."""
        return {
            "title_zh": self.title_zh,
            "title_en": self.title_en,
            "price": {"amount_minor": self.price_minor, "currency": self.currency},
        }

    def drawing(self) -> bytes | None:
        """Return its picture, if it has one."""
        return (PICTURES / f"{self.picture}.svg").read_bytes() if self.picture else None


UMBRELLA, TEA, BLANKET = "UMBRELLA-BAMBOO", "TEA-OSMANTHUS", "BLANKET-COTTON"
LAMP, LAMPS, LAMP_DEPOSIT_MINOR = "LAMP-MOON", 300, 5000
SET, SCRATCHER, BASKET, BELL = "SET-TEA", "SCRATCHER-CAT", "BASKET-WILLOW", "BELL-BRASS"
DOOR_UNITS = 1_000  # of the umbrella: what the doors at eight are about
BASKETS, SHORT_BY = 5, 3
VASE, VASES = "VASE-GLASS", 2  # as the shelf's card says; a clerk finds one fewer
EUR = "EUR"

STORIED: Sequence[Good] = (
    Good(UMBRELLA, "竹柄长伞", "Bamboo umbrella", 15800, units=DOOR_UNITS, picture="umbrella"),
    Good(TEA, "桂花乌龙 100 克", "Osmanthus oolong, 100 g", 5900, units=900, picture="tea"),
    Good(BLANKET, "纯棉薄毯", "Light cotton blanket", 19900, units=240, picture="blanket"),
    Good(LAMP, "月白台灯", "Moon lamp", 28900, units=0, picture="lamp"),
    Good(SET, "一壶四杯茶具", "Tea set: a pot and four cups", 36800, units=160, picture="set"),
    Good(SCRATCHER, "瓦楞猫抓板", "Cardboard cat scratcher", 4900, picture="scratcher"),
    Good(BASKET, "柳条收纳筐", "Willow basket", 8800, "CNY", BASKETS, 0, "basket", SHORT_BY),
    Good(BELL, "黄铜小铃", "Small brass bell", 12800, units=320, picture="bell"),
)

PLAIN: Sequence[Good] = (
    Good("CUP-CELADON", "青瓷茶杯", "Celadon tea cup", 6800),
    Good("POT-CLAY", "紫砂小壶", "Small clay teapot", 23800),
    Good("TEA-WHITE", "三年陈白茶 200 克", "White tea aged three years, 200 g", 12800),
    Good("TEA-LONGJING", "明前龙井 50 克", "Longjing picked before Qingming, 50 g", 16800),
    Good("APRON-LINEN", "亚麻围裙", "Linen apron", 9900),
    Good("PAN-IRON", "铸铁小煎锅", "Small cast-iron pan", 18900),
    Good("CANDLE-BEESWAX", "蜂蜡蜡烛一对", "Two beeswax candles", 4500),
    Good("NOTEBOOK-KRAFT", "牛皮纸笔记本", "Kraft paper notebook", 2900),
    Good("SOAP-CAMPHOR", "香樟手工皂", "Camphor soap, made by hand", 3500),
    Good("TOWEL-GAUZE", "六层纱毛巾", "Towel of six layers of gauze", 4200),
    Good("CHOPSTICKS-FOUR", "鸡翅木筷四双", "Four pairs of wenge chopsticks", 5600),
    Good("BOWL-RICE", "粗陶饭碗", "Stoneware rice bowl", 3800),
    Good(VASE, "吹制玻璃花瓶", "Blown glass vase", 14900, units=VASES),
    Good("FAN-PALM", "蒲葵扇", "Palm-leaf fan", 2600),
    Good("MAT-RUSH", "蔺草坐垫", "Rush seat mat", 7200),
    Good("BROOM-SORGHUM", "高粱扫帚", "Sorghum broom", 3200),
    Good("CLOTH-INDIGO", "蓝染桌布", "Indigo tablecloth", 13500),
    Good("TRAY-LACQUER", "漆木托盘", "Lacquered wooden tray", 17600),
    Good("HONEY-LYCHEE", "荔枝蜜 250 克", "Lychee honey, 250 g", 6600),
    Good("PLUM-DRIED", "话梅一罐", "A jar of dried plums", 3900),
    Good("STOOL-BAMBOO", "竹编小凳", "Small bamboo stool", 12900),
    Good("CUP-TRAVEL", "随行茶杯", "Travel tea cup", 2900, EUR, 260, 120),
    Good("SOCKS-WOOL", "羊毛袜两双", "Two pairs of wool socks", 1900, EUR, 320, 160),
    Good("SCARF-SILK", "真丝方巾", "Silk square", 4900, EUR, 180, 90),
    Good("KNIFE-FRUIT", "木柄水果刀", "Fruit knife with a wooden handle", 2400, EUR, 220, 80),
    Good("BAG-CANVAS", "帆布提袋", "Canvas tote", 1800, EUR, 400, 200),
    Good("LANTERN-PAPER", "纸灯笼", "Paper lantern", 2200, EUR, 260, 100),
    Good("PENCILS-CEDAR", "雪松铅笔一盒", "A box of cedar pencils", 1200, EUR, 420, 220),
    Good("BOARD-OLIVE", "橄榄木砧板", "Olive wood board", 3900, EUR, 140, 60),
    Good("JAR-SPICE", "香料罐三只", "Three spice jars", 2600, EUR, 240, 110),
    Good("INCENSE-SANDAL", "檀香一盒", "A box of sandalwood incense", 1600, EUR, 300, 150),
    Good("TIMER-BRASS", "黄铜计时器", "Brass kitchen timer", 3400, EUR, 160, 70),
)

GOODS: Sequence[Good] = (*STORIED, *PLAIN)
BY_CODE = {good.code: good for good in GOODS}
# What customers of every day buy: never what a story of its own stands on.
EVERYDAY: Sequence[Good] = tuple(
    good for good in GOODS if good.code not in {UMBRELLA, BASKET, LAMP, VASE}
)
