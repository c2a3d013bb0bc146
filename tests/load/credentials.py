"""The tokens of the call terminals: JWTs that Bellhop checks, and the other relay looks up."""

import base64
import hashlib
import hmac
import json
import secrets

TERMINALS = 1000


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwt(secret, claims):
    """A signed token (HS256: RFC 7515, RFC 7518 section 3.2)."""
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    text = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64url(signature)}"


class Credentials:
    """Two files in `folder`, which stays the caller's: the key, and line N: the token of user N."""

    def __init__(self, folder):
        self.folder = folder
        self.token_file = folder / "tokens"
        secret = secrets.token_hex(32)
        key_file = folder / "jwt.key"  # the name in bellhop.toml
        key_file.touch(mode=0o600)
        key_file.write_text(secret + "\n")
        self.token_file.write_text(
            "".join(jwt(secret, {"sub": str(user)}) + "\n" for user in range(1, TERMINALS + 1)))
