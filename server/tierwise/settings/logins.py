"""Keys in the platform's own keyring, put there by ``tierwise login``.

A file beside the settings lists for which providers, so that the keyring, which may ask the user to unlock it, is left
alone where nobody uses it. The file holds names, never keys.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .paths import config_file, private_directory
from .pool import ProviderSettings

log = logging.getLogger(__name__)

SERVICE = "tierwise"
"""The name under which the keyring knows us."""

MISSING = "the keyring needs the package `keyring`: pip install 'tierwise[keyring]'"


class KeyringError(Exception):
    """The keyring cannot be used; the message is for the user and holds no key."""


def logins_file(env: Mapping[str, str]) -> Path:
    """Return the file with the names of the providers whose keys are in the keyring."""
    return config_file(env).with_name("logins")


def logged_in(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the providers whose keys are in the keyring."""
    try:
        return tuple(logins_file(env).read_text("utf-8").split())
    except (OSError, UnicodeDecodeError):
        return ()


def log_in(provider: str, key: str, env: Mapping[str, str]) -> None:
    """Put a provider's key into the keyring; raises ``KeyringError``."""
    keyring, errors = _keyring()
    try:
        keyring.set_password(SERVICE, provider, key)
    except errors.KeyringError as error:
        raise KeyringError(f"the keyring did not take the key ({type(error).__name__})") from None
    _note(sorted({*logged_in(env), provider}), env)


def log_out(provider: str, env: Mapping[str, str]) -> None:
    """Take a provider's key out of the keyring; raises ``KeyringError``."""
    keyring, errors = _keyring()
    try:
        keyring.delete_password(SERVICE, provider)
    except errors.PasswordDeleteError:
        pass  # it is not there, which is what was wanted
    except errors.KeyringError as error:
        raise KeyringError(f"the keyring did not give the key up ({type(error).__name__})") from None
    _note([name for name in logged_in(env) if name != provider], env)


def with_keys(env: Mapping[str, str], providers: Mapping[str, ProviderSettings]) -> Mapping[str, str]:
    """Return the environment completed by keys from the keyring, each under its provider's ``key_env``.

    The environment's own keys win. May wait for the user to unlock the keyring; never fails.
    """
    wanted = {
        variable: name
        for name in logged_in(env)
        if name in providers and (variable := providers[name].key_env or variable_of(name)) and not env.get(variable)
    }
    if not wanted:
        return env
    try:
        keyring, errors = _keyring()
    except KeyringError as error:
        log.warning("%s", error)
        return env
    try:
        found = {variable: keyring.get_password(SERVICE, name) for variable, name in wanted.items()}
    except errors.KeyringError as error:
        log.warning("the keyring gives no keys (%s)", type(error).__name__)
        return env
    return {**env, **{variable: key for variable, key in found.items() if key}}


def variable_of(provider: str) -> str:
    """Return the variable that stands for a provider's key where its settings name none."""
    return f"TIERWISE_KEY_{provider.upper().replace('-', '_').replace('.', '_')}"


def _note(names: list[str], env: Mapping[str, str]) -> None:
    path = logins_file(env)
    private_directory(path.parent)
    path.write_text("".join(f"{name}\n" for name in names), "utf-8")


def _keyring() -> tuple[Any, Any]:
    """Return the optional package and its errors, imported when a key is wanted."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise KeyringError(MISSING) from None
    return keyring, keyring.errors
