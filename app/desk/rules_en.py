"""How English asks about an order. Listed by what is asked most narrowly first.

Read with "n't" apart from its verb, so that "hasn't" asks as "has not" does.
"""

import re

from app.desk.asks_en import ASKS, FIRST
from app.desk.intent import Rules
from ml.answers.intents import Intent

THING = "(?:order|parcel|package|stuff|delivery|shipment|it|things?|goods|purchase)"
NOT = "(?:not|n't|never|still no|still waiting)"
DID = "(?:is|was|did|has|have|had|been|were|are|am)"

EN = Rules(
    first=FIRST,
    foreign=re.compile(
        r"\b(?:everyone|every order|all (?:the )?orders|customers?|password|database"
        r"|instructions?|husband|wife|friend\w*|neighbou?r\w*)\b"
    ),
    asks=ASKS,
    beyond=re.compile(
        r"\b(?:refund\w*|return(?:s|ed|ing)?|exchange|swap|change|address|recipient|invoice|receipt"
        r"|coupon|voucher|discount|price\w*|cost|damaged|broken|missing|wrong|warranty|points"
        r"|review|money back|chargeback|hurry|faster|speed up|expedite|recommend|in stock|buy"
        r"|reorder|sale|promotion|store|shop|opening|job|newsletter|reimburs\w*|deposit|gift|freebie"
        r"|items?|pieces|everything|rest|other half|login|stock|left in|paid back|cash back|unpaid"
        r"|money.{0,20}back)\b"
    ),
    intents={
        Intent.CANCEL: re.compile(r"\bcancel"),
        Intent.PICKUP_CODE: re.compile(
            r"\b(?:pick[ -]?up|locker|collection|parcel shop)(?: \w+)? (?:code|number|pin)\b"
            r"|\b(?:code|pin)\b.{0,30}\b(?:pick[ -]?up|locker|station|collect\w*)\b"
        ),
        Intent.PAID_BUT_SHOWS_UNPAID: re.compile(
            r"\b(?:payment|charge|money)\b.{0,25}\b(?:through|success\w*|received|confirmed"
            rf"|arrived?|ok|okay)\b|\b{DID}\b.{{0,25}}\b(?:paid|payment|charged?)\b"
        ),
        Intent.TRACKING_STUCK: re.compile(
            r"\bstuck\b|\bno (?:new )?(?:update|movement|scan|news|progress)s?\b"
            rf"|\b{NOT}.{{0,15}}\b(?:updat\w*|mov(?:e|ed|ing)|chang(?:ed|ing))\b"
            r"|\bstopped (?:updating|moving)\b"
        ),
        Intent.WHEN_SHIPS: re.compile(
            r"\b(?:when|how (?:long|soon))\b.{0,30}\b(?:ship\w*|dispatch\w*|sent|send|leave|left)\b"
            rf"|(?:\b{DID}\b|n't|\bnot\b).{{0,25}}\b(?:ship|shipped|dispatched|sent|left)\b"
        ),
        Intent.DELIVERED_NOT_RECEIVED: re.compile(
            rf"(?:\b|(?<=\w )){NOT}\b.{{0,20}}\b(?:receiv\w*|arriv\w*|got|get|come|came|delivered"
            r"|order|parcel|package)\b"
            r"|\b(?:supposedly|claims?|says|said|marked|shows?|reported)\b.{0,20}\bdelivered\b"
        ),
        Intent.WHEN_ARRIVES: re.compile(
            r"\b(?:when|what (?:day|time)|how (?:long|soon|many days)|which day)\b.{0,40}"
            r"\b(?:arriv\w*|deliver\w*|get|here|come|receive|reach|take|expect|show up)\b"
            r"|\beta\b"
            r"|\b(?:arriv|deliver|come|get here)\w*\b.{0,20}\b(?:today|tomorrow|this week)\b"
            r"|\b(?:expected|estimated) (?:delivery|arrival)|\bdelivery (?:date|day|time)"
        ),
        Intent.WHERE: re.compile(
            rf"\bwhere\b.{{0,30}}\b{THING}\b|\btrack(?:ing)?\b|\bstatus\b|\bany (?:news|updates?)\b"
            r"|\bwhat(?:'s| is) happening\b"
            r"|\b(?:order|parcel|package)\b.{0,15}\b(?:update|progress)\b"
            rf"|\b{DID}\b.{{0,25}}\b(?:arrived?|delivered)\b"
        ),
    },
    between=re.compile(r"[.,;:!?\n]|\b(?:and|but)\b"),
)
