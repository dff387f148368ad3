"""① A person of the story buys tea: placed, and paid a breath later."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from app.demo.goods import BY_CODE, TEA
from app.demo.homes import home
from app.demo.stage import Scene
from app.demo.story import BUYERS, BY_REFERENCE

QUANTITY = 1


def play(scene: Scene) -> Mapping[str, Any]:
    """Place an order and pay it; `locale` among the facts chooses who buys, `sku` what."""
    who = str(scene.facts.get("person_reference") or BUYERS[_locale(scene)])
    wanted = str(scene.facts.get("sku"))
    code = wanted if wanted in BY_CODE else TEA
    person = scene.shop.person(who)
    member = BY_REFERENCE.get(who)
    to = member.home if member else home(person["name"], person["zone"], 0)
    key = f"tour-{uuid4().hex}"
    order = scene.shop.place(person["id"], code, QUANTITY, to=to, key=key)
    scene.shop.pay(order["id"])
    return {
        "order": order["id"],
        "number": order["number"],
        "person": person["id"],
        "person_reference": who,
        "sku": code,
        "parcel": None,
    }


def _locale(scene: Scene) -> str:
    locale = str(scene.facts.get("locale"))
    return locale if locale in BUYERS else "zh"
