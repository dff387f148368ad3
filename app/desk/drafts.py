"""How a draft for an agent begins, by intent: what to ask back, in Chinese and in English.

An agent reads it, mends it and sends it; nothing here is sent by itself.
"""

from collections.abc import Mapping

DRAFT_ZH: Mapping[str, str] = {
    "delivered_not_received": "很抱歉您还没有拿到商品。请您确认一下，家人、邻居或门卫是否代收？",
    "change_address": "请把新的收货地址、收件人和电话告诉我们，我们看看还能不能改。",
    "change_item": "请告诉我们您想改成哪一款、什么尺码或数量。",
    "cancel": "我们正在确认这笔订单还能不能拦下。",
    "paid_but_shows_unpaid": "请把扣款记录发给我们，写明时间和金额，我们来核对。",
    "payment_failed": "请告诉我们付款时出现了什么提示、用的是哪种付款方式。",
    "preorder_balance": "我们正在为您核对预售的定金和尾款。",
    "refund_where": "我们正在为您查这笔款项。",
    "refund_how_long": "到账时间要看付款方式，请告诉我们您当时怎么付的款。",
    "return_how": "请告诉我们想退哪一件、原因是什么。",
    "return_status": "请把寄回时的运单号告诉我们，我们去查收。",
    "exchange": "请告诉我们想换成什么尺码、颜色或款式。",
    "missing_item": "很抱歉少了东西。请告诉我们缺的是哪一件，最好附上包裹和内件的照片。",
    "wrong_item": "很抱歉发错了。请把收到的商品和面单拍给我们看一下。",
    "damaged": "很抱歉商品到您手里时是坏的，希望没有人受伤。请拍下破损处和外包装。",
    "quality": "很抱歉商品让您失望了。请说明哪里有问题，方便的话附上照片。",
    "price_protection": "请把现在的价格截图发给我们，我们来核对差价。",
    "coupon_not_applied": "请告诉我们是哪张券，以及使用时出现的提示。",
    "invoice": "请把发票抬头、税号和收票邮箱告诉我们。",
    "stock_when": "请告诉我们您要的是哪一款、什么尺码或颜色。",
    "split_order": "我们正在确认这笔订单分几次发出。",
    "points": "我们正在为您核对积分。",
    "opening_hours": "我们来告诉您营业的时间。",
    "complaint": "对您的这次经历我们非常抱歉。请告诉我们您希望怎样处理。",
    "human": "您好，我是客服，正在看您的问题。",
}
DRAFT_EN: Mapping[str, str] = {
    "delivered_not_received": "We are sorry it is not in your hands. Could a neighbour, a relative"
    " or the reception have taken it in?",
    "change_address": "Please tell us the new address, name and phone number; we will see whether"
    " it can still be changed.",
    "change_item": "Please tell us which item, size or quantity you would like instead.",
    "cancel": "We are finding out whether this order can still be stopped.",
    "paid_but_shows_unpaid": "Could you send us your bank's record of the payment, with its time"
    " and amount? We will compare it with ours.",
    "payment_failed": "Could you tell us what you saw when you paid, and how you tried to pay?",
    "preorder_balance": "We are checking the deposit and the balance of your pre-order.",
    "refund_where": "We are looking for this money for you.",
    "refund_how_long": "That depends on the way you paid. Could you tell us which it was?",
    "return_how": "Could you tell us what you would like to send back, and why?",
    "return_status": "Could you tell us the tracking number of the parcel you sent back?",
    "exchange": "Which size, colour or piece would you like instead?",
    "missing_item": "We are sorry that something is missing. Could you tell us which item, and"
    " send a photo of what came?",
    "wrong_item": "We are sorry for sending the wrong thing. Could you send us a photo of it and"
    " of the label?",
    "damaged": "We are sorry it reached you damaged, and hope that nobody was hurt. Could you send"
    " us a photo of it and of the box?",
    "quality": "We are sorry it let you down. Could you tell us what is wrong, with a photo if it"
    " can be seen?",
    "price_protection": "Could you send us a picture of the price as it is now? We will compare.",
    "coupon_not_applied": "Could you tell us which coupon it is, and what you saw when using it?",
    "invoice": "Could you tell us to whom it should be made out, the tax number and an address?",
    "stock_when": "Could you tell us which item, size or colour you are looking for?",
    "split_order": "We are finding out in how many parcels this order will come.",
    "points": "We are checking your points.",
    "opening_hours": "Here are the hours we are open.",
    "complaint": "We are sorry about what happened. Please tell us what would put it right.",
    "human": "Hello, a person is reading your question now.",
}
DRAFTS: Mapping[str, Mapping[str, str]] = {"zh": DRAFT_ZH, "en": DRAFT_EN}
