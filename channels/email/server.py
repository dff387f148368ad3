"""The mail server we hand our letters to, and the name we hand them over in."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail leaves and from whom.

    `sender` is written as in a From header: `Orderbell <news@shop.example>`. One letter may take
    `send_seconds` from its first byte to the server's last word, and so may one call with many.
    """

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    starttls: bool = False
    connect_seconds: float = 5
    send_seconds: float = 20

    @property
    def sender_address(self) -> Address:
        """The sender as a header address.

        Raises:
            ValueError: If `sender` holds no address.
        """
        name, address = parseaddr(self.sender)
        if "@" not in address:
            raise ValueError("mail_from holds no address; write: Name <name@domain>")
        return Address(display_name=name, addr_spec=address)
