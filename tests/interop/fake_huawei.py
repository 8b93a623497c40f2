"""Huawei in fake_services.py: KMS, whose requests must be signed by one access key, the list of projects of IAM, and the
credentials of an instance. Key ids that begin with `absent` do not exist, those that begin with `denied` may not be used."""
import base64
import hashlib
import hmac
import re
import time
import urllib.parse

ACCESS, SECRET, PROJECT = "huawei-access", "huawei-secret-canary", "0123456789abcdef0123456789abcdef"
SECURITY_TOKEN = "huawei-security-canary"


def error(status, code, message):
    return status, {"error_code": code, "error_msg": message}


def signature(request, signed, date):
    """What the signature must be, computed from the request as it came in."""
    path = "/".join(urllib.parse.quote(urllib.parse.unquote(part), safe="-_.~") for part in request.path.split("/"))
    query = "&".join(f"{urllib.parse.quote(name, safe='-_.~')}={urllib.parse.quote(value, safe='-_.~')}"
                     for name, value in sorted(request.query.items()))
    headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in signed)
    canonical = "\n".join([request.method, path if path.endswith("/") else path + "/", query, headers, ";".join(signed),
                           hashlib.sha256(request.body).hexdigest()])
    to_sign = f"SDK-HMAC-SHA256\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(SECRET.encode(), to_sign.encode(), "sha256").hexdigest()


def unsigned(fake, request):
    """None for a request that ACCESS signed with SECRET, not long ago; else the answer that refuses it."""
    found = re.fullmatch(r"SDK-HMAC-SHA256 Access=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)",
                         request.headers.get("authorization", ""))
    date = request.headers.get("x-sdk-date", "")
    if not found or not re.fullmatch(r"\d{8}T\d{6}Z", date):
        return error(401, "APIG.0301", "Incorrect IAM authentication information: the Authorization header is not right")
    if found[1] != ACCESS:
        return error(401, "APIG.0301", "Incorrect IAM authentication information: AK access failed to reach the limit")
    signed = found[2].split(";")
    if signed != sorted(signed) or "x-sdk-date" not in signed or found[3] != signature(request, signed, date):
        return error(401, "APIG.0301", "Incorrect IAM authentication information: verify aksk signature fail")
    if request.headers.get("x-security-token", SECURITY_TOKEN) != SECURITY_TOKEN:
        return error(401, "APIG.0301", "Incorrect IAM authentication information: verify security token fail")
    return None


def kms(fake, request, project, what):
    bad = unsigned(fake, request)
    if bad:
        return bad
    fields = request.json()
    key, text = str(fields.get("key_id", "")), fields.get("plain_text" if what == "encrypt" else "cipher_text")
    if project != PROJECT:
        return error(403, "KMS.0303", "The project ID in the token is not the one in the URL.")
    if key.startswith("absent"):
        return error(404, "KMS.2103", f"Key with key id {key} does not exist.")
    if key.startswith("denied"):
        return error(403, "KMS.0307", "The user has no permission to perform this operation.")
    if not isinstance(text, str) or fields.get("encryption_algorithm", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        return error(400, "KMS.0205", "Invalid request.")
    wrapped_by = f"huawei/{project}/{key}"
    if what == "encrypt":
        return 200, {"key_id": key, "cipher_text": base64.b64encode(fake.wrap(wrapped_by, text.encode())).decode()}
    try:
        plain = fake.unwrap(wrapped_by, base64.b64decode(text, validate=True))
    except ValueError:
        plain = None
    if plain is None:
        return error(400, "KMS.2116", "The ciphertext is invalid.")
    return 200, {"key_id": key, "plain_text": plain.decode()}


def projects(fake, request):
    bad = unsigned(fake, request)
    name = request.query.get("name", "")
    return bad or (200, {"projects": [] if name.startswith("nowhere") else [{"id": PROJECT, "name": name, "domain_id": "d"}]})


def instance(fake, request):
    until = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(time.time() + 86400))
    return 200, {"credential": {"access": ACCESS, "secret": SECRET, "securitytoken": SECURITY_TOKEN, "expires_at": until}}


ROUTES = [
    ("POST", r"[^/]+/v1\.0/([^/]+)/kms/(encrypt|decrypt)-data", kms),
    ("GET", r"[^/]+/v3/projects", projects),
    ("GET", r"[^/]+/openstack/latest/securitykey", instance),
]
