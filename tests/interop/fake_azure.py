"""Azure in fake_services.py: Entra ID (one tenant, one client, its secret, certificates that are trusted by their SHA-256 in hex, one
federated token), the vaults of every name, and managed identities.

A key exists in every vault, but for names that begin with `absent`; the client may not use those that begin with `denied`.
"""
import json
import re
import time

from fake_encoding import base64url, from_base64url

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT, SECRET, FEDERATED = "client-of-azure", "azure-secret-canary", "federated-canary-token"
VERSION = "0123456789abcdef0123456789abcdef"
APP_SERVICE_HEADER = "app-service-canary"
LOGIN = r"(login\.[\w.]+|127\.0\.0\.1|localhost)"


def refused(status, error, code, message):
    return status, {"error": error, "error_description": f"AADSTS{code}: {message} Trace ID: 0 Correlation ID: 0", "error_codes": [code]}


def unknown_tenant(tenant):
    return refused(400, "invalid_tenant", 90002, f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.")


def discovery(fake, request, login):
    host = {"preferred_network": login, "preferred_cache": login, "aliases": [login]}
    return 200, {"tenant_discovery_endpoint": f"https://{login}/{TENANT}/v2.0/.well-known/openid-configuration",
                 "api-version": "1.1", "metadata": [host]}


def openid(fake, request, login, tenant):
    if tenant != TENANT:
        return unknown_tenant(tenant)
    base = f"https://{login}/{tenant}"
    return 200, {"token_endpoint": f"{base}/oauth2/v2.0/token", "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                 "issuer": f"{base}/v2.0"}


def token(fake, request, login, tenant):
    form = request.form()
    if tenant != TENANT:
        return unknown_tenant(tenant)
    if form.get("grant_type") != "client_credentials":
        return refused(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
    if form.get("client_id") != CLIENT:
        return refused(400, "unauthorized_client", 700016, f"Application with identifier '{form.get('client_id')}' was not found.")
    if not proves_itself(fake, form, login, tenant):
        return refused(401, "invalid_client", 7000215, "Invalid client secret provided, or the assertion is not valid.")
    audience = re.search(r"https://([^/\s]+)/+\.default", form.get("scope", ""))
    if not audience:
        return refused(400, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.")
    given, lifetime = fake.issue(request, audience[1])
    return 200, {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": given}


def proves_itself(fake, form, login, tenant):
    if "client_secret" in form:
        return form["client_secret"] == SECRET
    assertion = form.get("client_assertion", "")
    if form.get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
        return False
    if assertion == FEDERATED:
        return True
    try:
        head, claims = (json.loads(from_base64url(part)) for part in assertion.split(".")[:2])
    except (TypeError, ValueError):
        return False
    thumbprint = from_base64url(re.sub("=*$", "", head.get("x5t#S256", "").replace("+", "-").replace("/", "_"))) or b""
    return (fake.signed_by(f"azure {thumbprint.hex()}", assertion) and claims["iss"] == claims["sub"] == CLIENT and bool(claims.get("jti"))
            and claims["aud"] == f"https://{login}/{tenant}/oauth2/v2.0/token" and claims["nbf"] < claims["exp"])


def service_of(vault):
    """`vault.azure.net` of `my.vault.azure.net`; a vault of another name is taken for one of the first."""
    return vault.split(".", 1)[1] if re.search(r"\.(vault|managedhsm)\.", vault) else "vault.azure.net"


def challenge(fake, request, vault):
    return 401, {"error": {"code": "Unauthorized", "message": "AKV10000: Request is missing a Bearer or PoP token."}}, {
        "WWW-Authenticate": f'Bearer authorization="https://login.microsoftonline.com/{TENANT}", resource="https://{service_of(vault)}"'}


def key(fake, request, vault, name, version=""):
    if not fake.accepts(request, service_of(vault)):
        return challenge(fake, request, vault)
    if not request.query.get("api-version"):
        return 400, {"error": {"code": "BadParameter", "message": "api-version must be specified"}}
    if name.startswith("absent"):
        return 404, {"error": {"code": "KeyNotFound", "message": f"A key with (name/id) {name} was not found in this key vault."}}
    if name.startswith("denied"):
        return 403, {"error": {"code": "Forbidden", "message": f"The user, group or application '{CLIENT}' does not have keys "
                                                               "permission on this key vault.", "innererror": {"code": "AccessDenied"}}}
    return None


def describe(fake, request, vault, name, version):
    bad = key(fake, request, vault, name)
    kid = f"https://{vault}/keys/{name}/{version or VERSION}"
    return bad or (200, {"key": {"kid": kid, "kty": "RSA", "key_ops": ["encrypt", "decrypt"]}, "attributes": {"enabled": True}})


def operation(fake, request, vault, name, version, what):
    bad = key(fake, request, vault, name)
    if bad:
        return bad
    fields, version = request.json(), version or VERSION
    value = from_base64url(fields.get("value"))
    wrapped_by = f"azure/{vault}/{name}/{version}"
    result = None
    if fields.get("alg") == "RSA-OAEP-256" and value:
        result = fake.wrap(wrapped_by, value) if what == "encrypt" else fake.unwrap(wrapped_by, value)
    if result is None:
        return 400, {"error": {"code": "BadParameter", "message": "The parameter is incorrect."}}
    return 200, {"kid": f"https://{vault}/keys/{name}/{version}", "value": base64url(result)}


def managed_identity(fake, request):
    """IMDS, App Service or Arc, by the header that each wants."""
    if request.headers.get("metadata") != "true" and request.headers.get("x-identity-header") != APP_SERVICE_HEADER:
        return 400, {"error": "invalid_request", "error_description": "Required metadata header not specified"}
    if request.query.get("client_id", CLIENT) != CLIENT:
        return 400, {"error": "invalid_request", "error_description": "Identity not found"}
    resource = re.fullmatch(r"https://([^/]+)/?", request.query.get("resource", ""))
    if not resource:
        return 400, {"error": "invalid_resource", "error_description": "AADSTS500011: The resource principal was not found."}
    given, lifetime = fake.issue(request, resource[1])
    return 200, {"access_token": given, "token_type": "Bearer", "resource": request.query["resource"], "client_id": CLIENT,
                 "expires_in": str(lifetime), "expires_on": str(int(time.time()) + lifetime)}


ROUTES = [
    ("GET", LOGIN + r"/common/discovery/instance", discovery),
    ("GET", LOGIN + r"/([^/]+)/v2\.0/\.well-known/openid-configuration", openid),
    ("POST", LOGIN + r"/([^/]+)/oauth2/v2\.0/token", token),
    ("GET", r"([^/]+)/keys/([^/]+)/([^/]*)", describe),
    ("POST", r"([^/]+)/keys/([^/]+)/([^/]*)/(encrypt|decrypt)", operation),
    ("GET", r"[^/]+/metadata/identity/oauth2/token", managed_identity),
    ("GET", r"[^/]+/msi/token", managed_identity),
]
