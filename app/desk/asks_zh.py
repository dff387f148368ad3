"""What Chinese asks beside how an order stands: narrow words, so that silence stays the rule."""

import re
from collections.abc import Mapping
from re import Pattern

from ml.answers.intents import Intent


def _any(*ways: str) -> Pattern[str]:
    return re.compile("|".join(ways))


FIRST: Mapping[Intent, Pattern[str]] = {
    Intent.COMPLAINT: _any(
        "投诉|差评|举报|12315", "起火|着火|烧伤|烫伤|受伤|触电|漏电|过敏|中毒|医院"
    ),
    Intent.HUMAN: _any("人工|真人|转接|经理", "(?:找|叫|联系|要|换)个?客服"),
}
ASKS: Mapping[Intent, Pattern[str]] = {
    Intent.REFUND_HOW_LONG: _any("退款.{0,8}(?:多久|几天|多长)", "(?:多久|几天).{0,8}退款"),
    Intent.REFUND_WHERE: _any(
        "退款.{0,10}(?:到哪|到账|在哪|没到|没收到|没有收到|进度|状态|到了|成功|呢)",
        "(?:没|未|还没)(?:有)?(?:收到)?退款",
    ),
    Intent.RETURN_STATUS: _any(
        "退货.{0,8}(?:收到|到了|进度|状态|审核|通过)",
        "(?:收到|签收).{0,8}退(?:货|件|回)",
        "寄回.{0,8}收到",
    ),
    Intent.RETURN_HOW: _any(
        "(?:怎么|如何|想|要|可以|能)退货", "退货(?:地址|流程|怎么|政策)", "(?:七|7)天无理由"
    ),
    Intent.EXCHANGE: _any("换货", "换(?:个|一个)?(?:大|小)一?(?:码|号)"),
    Intent.DAMAGED: _any("碎了|破损|破了|摔坏|压扁|裂了|裂开|漏液"),
    Intent.WRONG_ITEM: _any("发错|错发|寄错", "不是我(?:买|要|订)的"),
    Intent.MISSING_ITEM: _any("少发|漏发|少寄|缺件"),
    Intent.QUALITY: _any("质量", "假货", "掉色|开线|异味|不好用"),
    Intent.PRICE_PROTECTION: _any("价保|保价|差价", "(?:买|刚).{0,8}降价"),
    Intent.COUPON_NOT_APPLIED: _any("优惠券|优惠码|红包|满减"),
    Intent.INVOICE: _any("发票|开票|收据"),
    Intent.CHANGE_ADDRESS: _any("(?:改|换|错).{0,6}地址", "地址.{0,8}(?:错|改|换)"),
    Intent.CHANGE_ITEM: _any("(?:改|换)(?:一下|成|个)?(?:尺码|颜色|数量|款式|规格)"),
    Intent.POINTS: _any("积分"),
    Intent.UNSUBSCRIBE: _any("退订|取消订阅", "(?:别|不要|停止).{0,6}(?:短信|邮件|广告|推送)"),
    Intent.OPENING_HOURS: _any("营业时间|上班时间", "几点(?:上班|下班|开门|关门|营业)"),
    Intent.STOCK_WHEN: _any("补货|有货|缺货|断货|到货通知"),
    Intent.SPLIT_ORDER: _any("拆单|分开发|分批发", "(?:两|几|多|三)个包裹"),
    Intent.PREORDER_BALANCE: _any("尾款|定金"),
    Intent.PAYMENT_FAILED: _any(
        "(?:支付|付款)失败", "付不了款?|无法(?:支付|付款)|支付不了|付款不了"
    ),
    Intent.PAID_BUT_SHOWS_UNPAID: _any(
        "(?:付|扣)(?:了|过)?(?:款|钱)?.{0,10}(?:未付款|待付款|未支付|待支付)"
    ),
    Intent.THANKS: _any(
        "^(?:好的?|嗯+|ok)?[,，。 ]*(?:谢谢|多谢|感谢)(?:您|你|啦|了|亲)*[。~！! ]*$"
    ),
}
