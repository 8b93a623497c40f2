"""Google's tokens in fake_services.py: OAuth (service accounts, refresh tokens, token exchange), impersonation, and the metadata
server of an instance. The KMS itself is drongo's."""
import base64
import json
import re
import time

from fake_encoding import from_base64url

CLIENT, SECRET, REFRESH, SUBJECT = "client-of-google", "google-secret-canary", "refresh-canary-token", "subject-canary-token"
AUDIENCE = "cloudkms"
GRANT = "urn:ietf:params:oauth:grant-type:"


def refused(error, message, status=400):
    return status, {"error": error, "error_description": message}


def given(fake, request, **more):
    token, lifetime = fake.issue(request, AUDIENCE)
    return 200, {"access_token": token, "expires_in": lifetime, "token_type": "Bearer", **more}


def oauth(fake, request):
    form = request.form()
    grant = form.get("grant_type")
    if grant == GRANT + "jwt-bearer":
        return by_assertion(fake, request, form.get("assertion", ""))
    if grant == "refresh_token":
        in_header = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        in_form = form.get("client_id") == CLIENT and form.get("client_secret") == SECRET
        if not in_form and request.headers.get("authorization") != in_header:
            return refused("invalid_client", "The OAuth client was not found.", 401)
        if form.get("refresh_token") != REFRESH:
            return refused("invalid_grant", "Token has been expired or revoked.")
        return given(fake, request)
    if grant == GRANT + "token-exchange":
        if form.get("subject_token") != SUBJECT or not form.get("audience") or not form.get("scope"):
            return refused("invalid_grant", "The subject token is not valid.")
        return given(fake, request, issued_token_type="urn:ietf:params:oauth:token-type:access_token")
    return refused("unsupported_grant_type", f"Invalid grant_type: {grant}")


def by_assertion(fake, request, assertion):
    try:
        claims = json.loads(from_base64url(assertion.split(".")[1]))
    except (IndexError, TypeError, ValueError):
        return refused("invalid_grant", "Invalid JWT.")
    if not fake.signed_by(f"google {claims.get('iss')}", assertion):
        return refused("invalid_grant", "Invalid JWT Signature.")
    if not claims.get("scope") or not str(claims.get("aud", "")).endswith(request.path):
        return refused("invalid_scope", "Invalid scope or audience.")
    if not claims.get("iat", 0) - 60 <= time.time() < claims.get("exp", 0) <= claims["iat"] + 3600:
        return refused("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes).")
    return given(fake, request)


def impersonated(fake, request, account):
    if not fake.accepts(request, AUDIENCE):
        return 401, {"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "Request had invalid authentication credentials."}}
    if account.startswith("denied"):
        return 403, {"error": {"code": 403, "status": "PERMISSION_DENIED",
                               "message": "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."}}
    token, lifetime = fake.issue(request, AUDIENCE)
    return 200, {"accessToken": token, "expireTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + lifetime))}


def metadata(fake, request, account):
    if request.headers.get("metadata-flavor") != "Google":
        return 403, {"error": "Missing Metadata-Flavor:Google header."}
    return *given(fake, request), {"Metadata-Flavor": "Google"}


def metadata_other(fake, request):
    if request.headers.get("metadata-flavor") != "Google":
        return 403, {"error": "Missing Metadata-Flavor:Google header."}
    answers = {"project/project-id": b"fake-project", "instance/service-accounts/default/email": b"node@fake-project.iam",
               "universe/universe-domain": b"googleapis.com"}
    name = re.sub("^/computeMetadata/v1/", "", request.path)
    return (200, answers[name], {"Metadata-Flavor": "Google"}) if name in answers else (404, b"", {"Metadata-Flavor": "Google"})


def subject(fake, request):
    """Where an external_account may fetch its subject token from."""
    return 200, {"value": SUBJECT}


ROUTES = [
    ("POST", r"[^/]+/(?:oauth/token|token|v1/token)", oauth),
    ("POST", r"[^/]+/v1/projects/-/serviceAccounts/([^/]+):generateAccessToken", impersonated),
    ("GET", r"[^/]+/computeMetadata/v1/instance/service-accounts/([^/]+)/token", metadata),
    ("GET", r"[^/]+/computeMetadata/v1/.*", metadata_other),
    ("GET", r"[^/]+/subject-token", subject),
]
