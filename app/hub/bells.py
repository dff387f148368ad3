"""One story, few bells: what is no news worth a sound moves its inbox line and nothing else."""

from app.hub.notice import Kind
from app.hub.question import Channels, Finding, Question, passed, without
from app.hub.verdict import Because


def bells(question: Question, channels: Channels) -> Finding:
    """Drop the bells that the shop's table keeps still; a code always rings.

    The one on which the person asked to be told more of this order rings all the same.
    """
    notice, standing = question.notice, question.standing
    if notice.kind is Kind.SECURITY:
        return passed(channels, {})
    fetched = standing is not None and standing.is_fetched
    still = question.bounds.bells.still_for(notice.name, is_fetched=fetched)
    kept = [channel for channel in channels if channel in still] if still else []
    more = question.more_on
    gone = [channel for channel in kept if channel != more]
    inputs: dict[str, object] = {"still": gone, "fetched": fetched} if gone else {}
    if len(gone) < len(kept):
        inputs["more"] = more
    return without(channels, gone, inputs, Because.FEW_BELLS)
