"""The house's words, English and Chinese, and what a careless hand would write instead."""

from typing import NamedTuple


class Term(NamedTuple):
    """One thing and its only names; `not_en` and `not_zh` are other words for the same."""

    en: str
    zh: str
    not_en: tuple[str, ...] = ()
    not_zh: tuple[str, ...] = ()


TERMS = (
    Term("order", "订单", ("purchase order",), ("定单",)),
    Term("line", "商品行", ("line item",), ("订单行", "行项目")),
    Term("level", "库存水位", ("stock on hand",), ("库存水平",)),
    Term("reservation", "占用库存", (), ("预占", "锁定库存", "预留库存")),
    Term("movement", "库存流水", ("stock transaction",), ("库存变动", "库存移动")),
    Term("short", "缺货待处理", ("backorder", "back order"), ("短缺订单",)),
    Term("parcel", "包裹", ("package", "shipment"), ("快件", "邮包")),
    Term("checkpoint", "物流节点", ("waypoint", "tracking event"), ("检查点", "物流轨迹")),
    Term("pickup code", "取件码", ("collection code",), ("提货码", "取货码")),
    Term("intent", "支付单", (), ("支付意图",)),
    Term("attempt", "支付尝试", (), ("支付试次",)),
    Term("outcome", "支付结果", (), ("支付后果",)),
    Term("hold", "冻结", (), ("冻住",)),
    Term("lot", "积分批次", (), ("积分组",)),
    Term("transfer", "积分流水", (), ("积分变动",)),
    Term("event", "事件", (), ("事项",)),
    Term("notice", "通知", ("notification",), ("告知书",)),
    Term("verdict", "判定", (), ("裁决", "决策")),
    Term("message", "消息", (), ("讯息",)),
    Term("channel", "渠道", (), ("频道",)),
    Term("provider", "服务商", ("vendor",), ("供应商", "提供商")),
    Term("lane", "车道", ("priority queue",), ("通道", "队列")),
    Term("cap", "频次上限", ("frequency limit",), ("频率限制", "次数上限", "频控")),
    Term(
        "quiet hours",
        "勿扰时段",
        ("do not disturb", "silent hours", "quiet time"),
        ("免打扰", "安静时段", "静默时段"),
    ),
    Term("digest", "合并通知", (), ("摘要通知", "汇总通知")),
    Term(
        "suppression",
        "禁发名单",
        ("blacklist", "blocklist"),
        ("黑名单", "抑制名单", "屏蔽名单"),
    ),
    Term("consent", "营销授权", ("opt-in", "opt in"), ("营销同意", "营销许可")),
    Term("preference", "接收偏好", ("notification settings",), ("偏好设置", "通知设置")),
    Term(
        "campaign",
        "营销活动",
        ("mass mailing", "newsletter"),
        ("广告活动", "推广活动", "广告系列", "群发活动"),
    ),
    Term("segment", "人群", ("target group", "cohort"), ("分群", "客群", "用户组")),
    Term("audience", "受众", (), ("目标群体",)),
    Term("reach", "可触达", ("reachable audience",), ("可达人数", "覆盖人数")),
    Term("holdout", "对照组", ("control group",), ("保留组", "控制组")),
    Term("promotion", "大促", ("sales event",), ("促销活动",)),
    Term("case", "工单", ("ticket",), ("案件", "个案", "问题单")),
    Term("contact", "进线", ("inquiry", "enquiry"), ("呼入", "来电量", "咨询量", "联系量")),
    Term("deflection", "自助解决", (), ("分流率",)),
    Term("abstain", "转人工", ("refuse to answer",), ("弃答", "拒答")),
    Term("handle time", "处理时长", ("handling time",), ("处理时间", "通话时长")),
    Term("roster", "排班", ("rota", "shift plan"), ("值班表", "轮班")),
    Term("person", "用户", ("customer", "user", "client"), ("顾客", "客户", "买家", "消费者")),
    Term("slot", "计划时点", ("time slot",), ("时间槽", "时隙")),
    Term("lease", "租约", (), ("租期",)),
    Term("token", "令牌", (), ("口令",)),
    Term("books", "对账", ("ledger",), ("账本", "账簿")),
    Term("mirrored order", "镜像订单", ("external order",), ("镜象订单", "外部订单")),
)
TONE_ZH = ("亲", "你", "！", "!", "哦", "啦")
TONE_EN = ("!", "please", "oops", "unfortunately", "dear")
APOLOGY_EN = ("sorry", "apologise", "apologize")  # a late parcel may have one; a page never
# Where a number could stand, an adjective says nothing.
VAGUE_ZH = ("很多", "许多", "大量", "海量", "非常", "极其", "超级", "火爆", "无数")
VAGUE_EN = ("lots of", "very", "extremely", "huge", "massive", "countless", "numerous")
