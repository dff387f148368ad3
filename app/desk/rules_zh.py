"""How Chinese asks about an order. Listed by what is asked most narrowly first."""

import re

from app.desk.asks_zh import ASKS, FIRST
from app.desk.intent import Rules
from ml.answers.intents import Intent

WHEN = (
    "(?:什么时候|啥时候|什么时间|何时|几时|多久|哪天|哪一天|几号|几天|今天|明天"
    "|周[一二三四五六日末])"
)
LEAVE = "(?:发货|发出|发走|发快递|寄出|寄|出库)"
DONE = "(?:了吗|了没|了么|没有|没$|吗$)"

ZH = Rules(
    first=FIRST,
    foreign=re.compile("别人|老公|老婆|朋友|密码|指令|所有订单|全部订单"),
    asks=ASKS,
    beyond=re.compile(
        "退款|退货|退钱|退换|换货|换一|换个|改|地址|收件人|发票|开票|优惠|券|价|多少钱|运费|积分"
        "|破|坏|碎|少发|漏发|少了|错发|发错|不对|质量|假货|赔|保修"
        "|门店|店铺|店在|实体店|营业|活动|大促|招聘"
        "|钱.{0,6}(?:回|退)|折扣|赠品|工厂|外卖|登录"
        "|催|加急|快点|尽快|买|下单|推荐|库存|有货"
    ),
    intents={
        Intent.CANCEL: re.compile("取消"),
        Intent.PICKUP_CODE: re.compile("(?:取件|提货|取货|自提|开柜)(?:码|号)|柜.{0,4}码"),
        Intent.PAID_BUT_SHOWS_UNPAID: re.compile(
            "(?:付款|支付|付钱|扣款|扣钱|钱).{0,8}(?:成功|了吗|了没|了么|没有|到账|收到|好了)"
            "|是否.{0,3}(?:付款|支付)|(?:付|扣)(?:了|过)?(?:款|钱)?(?:了)?(?:吗|没|么)"
        ),
        Intent.TRACKING_STUCK: re.compile(
            "不(?:动|更新|走)|没(?:有)?(?:动|变化|消息|进展|新的?物流)|[没未].{0,4}更新"
            "|卡(?:住|在|了)|停(?:在|滞|了)|一直(?:显示|是|在)"
        ),
        Intent.WHEN_SHIPS: re.compile(
            f"{WHEN}.{{0,8}}{LEAVE}|{LEAVE}(?:{DONE}|时间)|(?:不|没|未)(?:有|给我)?{LEAVE}"
        ),
        Intent.DELIVERED_NOT_RECEIVED: re.compile(
            "(?:没|未)(?:有)?(?:收到|拿到|收着|见到)|还(?:没|未)(?:有)?(?:到|来|送)"
        ),
        Intent.WHEN_ARRIVES: re.compile(
            f"{WHEN}.{{0,10}}(?:到|送|收|派)|(?:到|送到|送达){DONE}|(?:送达|到货)时间|预计.{{0,4}}(?:到|送)"
        ),
        Intent.WHERE: re.compile(
            "(?:在|到|去|走)(?:哪|那)|哪(?:里|儿)了|(?:快递|包裹|订单|东西|货|物流).{0,6}哪"
            "|(?:物流|快递|包裹|订单|东西|货).{0,8}(?:呢|情况|状态|进度|信息|怎么样|怎样)"
            "|(?:查|看).{0,10}(?:物流|快递|订单|包裹|单子|进度)|运单号|快递单号"
        ),
    },
    between=re.compile("[。，、；：？！,.;:?! \n]"),
)
