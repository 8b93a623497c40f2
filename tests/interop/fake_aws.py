"""The metadata service of an AWS instance (IMDSv2) in fake_services.py. KMS, STS and S3 are moto's."""
import time

ROLE, TOKEN = "node", "imds-canary-token"
KEYS = {"AccessKeyId": "ASIAMETADATA", "SecretAccessKey": "aws-secret-canary", "Token": "aws-session-canary"}
PATH = "/latest/meta-data/iam/security-credentials/"


def token(fake, request):
    lifetime = request.headers.get("x-aws-ec2-metadata-token-ttl-seconds", "")
    if not lifetime.isdigit():
        return 400, b""
    return 200, TOKEN.encode(), {"X-Aws-Ec2-Metadata-Token-Ttl-Seconds": lifetime}


def credentials(fake, request, role):
    if request.headers.get("x-aws-ec2-metadata-token") != TOKEN:
        return 401, b""
    if not role:
        return 200, ROLE.encode()
    mode = fake.mode_for(f"{request.name}{request.path}", ("expired",))
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + (-60 if mode else 3600)))
    return 200, {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-01-01T00:00:00Z", **KEYS, "Expiration": until}


ROUTES = [
    ("PUT", r"[^/]+/latest/api/token", token),
    ("GET", r"[^/]+" + PATH + r"([^/]*)", credentials),
]
