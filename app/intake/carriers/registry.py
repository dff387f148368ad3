"""The carriers whose pushes we can read: one dictionary."""

from collections.abc import Mapping

from app.intake.carriers.contract import Carrier
from app.intake.carriers.easypost import EasyPost
from app.intake.carriers.kuaidi100 import Kuaidi100

CARRIERS: Mapping[str, Carrier] = {one.name: one for one in (Kuaidi100(), EasyPost())}
