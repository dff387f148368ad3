"""What the desk says, in Chinese and in English. Neither is a translation of the other.

Both have the same keys and parameters; every sentence says one fact and stands on its own.
"""

from collections.abc import Mapping

ZH: Mapping[str, str] = {
    "placed": "订单 {number} 于 {at} 下单，还没有付款。",
    "placed_moving": "订单 {number} 于 {at} 下单，包裹已在承运方手中。",
    "paid": "订单 {number} 已于 {at} 付款，尚未从仓库发出。",
    "paid_undated": "订单 {number} 已付款，尚未从仓库发出。",
    "paid_moving": "订单 {number} 已于 {at} 付款，包裹已在承运方手中。",
    "paid_moving_undated": "订单 {number} 已付款，包裹已在承运方手中。",
    "shipped": "订单 {number} 已于 {at} 发出。",
    "shipped_undated": "订单 {number} 已发出。",
    "delivered": "订单 {number} 已于 {at} 送达。",
    "delivered_undated": "订单 {number} 已送达。",
    "cancelled": "订单 {number} 已于 {at} 取消。",
    "cancelled_undated": "订单 {number} 已取消。",
    "not_cancelled": "订单 {number} 没有被取消。",
    "was_paid": "订单 {number} 的付款已于 {at} 收到。",
    "was_paid_undated": "订单 {number} 的付款已收到。",
    "not_paid": "订单 {number} 目前没有收到付款。",
    "no_ship_date": "目前还没有确定的发货日期，发出后会通知您。",
    "parcel": "承运方 {carrier}，运单号 {parcel}，状态：{status}。",
    "scan": "最近一次扫描是 {at}，地点 {place}。",
    "scan_nowhere": "最近一次扫描是 {at}，承运方没有写明地点。",
    "silence": "此后 {hours} 小时没有新的扫描记录。",
    "never_scanned": "承运方还没有扫描过这个包裹。",
    "expected": "预计 {day} 送达。",
    "late": "原定 {promised} 送达，现在预计 {day}。",
    "overdue": "原定 {day} 送达，这一天已经过了，承运方没有给出新的日期。",
    "no_expected": "目前还没有预计送达日期。",
    "pickup": "取件码是 {code}。",
    "pickup_at": "取件码是 {code}，请到 {place} 领取。",
    "no_pickup": "目前没有取件码，包裹状态：{status}。",
    "no_parcel": "目前没有包裹信息。",
}
EN: Mapping[str, str] = {
    "placed": "Order {number} was placed on {at} and has not been paid yet.",
    "placed_moving": "Order {number} was placed on {at}, and the carrier has the parcel.",
    "paid": "Order {number} was paid on {at} and has not left the warehouse yet.",
    "paid_undated": "Order {number} is paid and has not left the warehouse yet.",
    "paid_moving": "Order {number} was paid on {at}, and the carrier has the parcel.",
    "paid_moving_undated": "Order {number} is paid, and the carrier has the parcel.",
    "shipped": "Order {number} was shipped on {at}.",
    "shipped_undated": "Order {number} has been shipped.",
    "delivered": "Order {number} was delivered on {at}.",
    "delivered_undated": "Order {number} has been delivered.",
    "cancelled": "Order {number} was cancelled on {at}.",
    "cancelled_undated": "Order {number} has been cancelled.",
    "not_cancelled": "Order {number} has not been cancelled.",
    "was_paid": "We received the payment for order {number} on {at}.",
    "was_paid_undated": "We received the payment for order {number}.",
    "not_paid": "We have received no payment for order {number} so far.",
    "no_ship_date": "There is no shipping date yet; you will hear from us when it leaves.",
    "parcel": "It travels with {carrier}, tracking number {parcel}: {status}.",
    "scan": "The last scan was on {at} in {place}.",
    "scan_nowhere": "The last scan was on {at}; the carrier did not say where.",
    "silence": "There has been no scan for {hours} hours since.",
    "never_scanned": "The carrier has not scanned it yet.",
    "expected": "It is expected on {day}.",
    "late": "It was promised for {promised} and is now expected on {day}.",
    "overdue": "It was promised for {day}, which has passed, and the carrier names no new day.",
    "no_expected": "There is no expected delivery date yet.",
    "pickup": "The pickup code is {code}.",
    "pickup_at": "The pickup code is {code}, to be used at {place}.",
    "no_pickup": "There is no pickup code at the moment; the parcel: {status}.",
    "no_parcel": "There is no parcel to tell of yet.",
}
STATUS_ZH: Mapping[str, str] = {
    "announced": "已下单，等待揽收",
    "picked_up": "已揽收",
    "in_transit": "运输中",
    "at_station": "已到取件点",
    "out_for_delivery": "派送中",
    "attempt_failed": "派送未成功",
    "exception": "异常，承运方已登记",
    "delivered": "已送达",
}
STATUS_EN: Mapping[str, str] = {
    "announced": "announced to the carrier, not collected yet",
    "picked_up": "collected by the carrier",
    "in_transit": "on its way",
    "at_station": "waiting at the pickup point",
    "out_for_delivery": "out for delivery",
    "attempt_failed": "a delivery attempt failed",
    "exception": "held up, as the carrier reports",
    "delivered": "delivered",
}
SENTENCES: Mapping[str, Mapping[str, str]] = {"zh": ZH, "en": EN}
STATUSES: Mapping[str, Mapping[str, str]] = {"zh": STATUS_ZH, "en": STATUS_EN}
BETWEEN: Mapping[str, str] = {"zh": "", "en": " "}
