#!/usr/bin/env python3
"""Credentials for Google Cloud, source by source, against the fake of the services that give tokens: leafseal and sops both open
what the other sealed, with drongo as the KMS, and tokens are kept, renewed and replaced.

usage: gcp_credentials.py BINARY SOURCE_DIR
"""
import itertools
import json
import re
import sys
import urllib.parse
from pathlib import Path

import fake_google
import gcp_bench
from gcp_bench import PLAIN


USER = {"type": "authorized_user", "client_id": fake_google.CLIENT, "client_secret": fake_google.SECRET,
        "refresh_token": fake_google.REFRESH}


def person(fake):
    return {**USER, "type": "external_account_authorized_user", "token_url": fake.http + "/v1/token"}


def external(fake, source, **more):
    return {"type": "external_account", "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt", "token_url": fake.http + "/v1/token",
            "credential_source": source, **more}


def file_of_gcloud(bench):
    path = Path(bench.env()["HOME"]) / ".config/gcloud/application_default_credentials.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def sources(bench):
    """Each source of credentials alone, leafseal and sops alike; the token that the KMS gets is one that the fake gave out."""
    fake, folder, adc = bench.fake, bench.folder, file_of_gcloud(bench)
    acting = fake.http + "/v1/projects/-/serviceAccounts/app@fake-project.iam:generateAccessToken"
    (folder / "subject").write_text(fake_google.SUBJECT + "\n")
    (folder / "subject.json").write_text(json.dumps({"value": fake_google.SUBJECT}))
    program = folder / "prove"
    program.write_text("#!/bin/sh\necho '" + json.dumps({
        "version": 1, "success": True, "token_type": "urn:ietf:params:oauth:token-type:jwt", "id_token": fake_google.SUBJECT}) + "'\n")
    program.chmod(0o700)
    as_json = {"format": {"type": "json", "subject_token_field_name": "value"}}
    allow = {"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES": "1"}
    through = fake.env()  # authorized_user and impersonation ask Google's own hosts
    kinds = [
        ("service account", bench.account, {}),
        ("person", USER, through),
        ("person of a workforce", person(fake), {}),
        ("external, file", external(fake, {"file": str(folder / "subject")}), {}),
        ("external, file of JSON", external(fake, {"file": str(folder / "subject.json"), **as_json}), {}),
        ("external, URL", external(fake, {"url": fake.http + "/subject-token", **as_json}), {}),
        ("external, executable", external(fake, {"executable": {"command": str(program)}}), allow),
        ("external, acting", external(fake, {"file": str(folder / "subject")}, service_account_impersonation_url=acting), {}),
        ("impersonated", {"type": "impersonated_service_account", "service_account_impersonation_url": acting,
                          "source_credentials": bench.account}, {}),
    ]
    for name, credentials, variables in kinds:
        source(bench, name, {"GOOGLE_CREDENTIALS": json.dumps(credentials), **variables})
    (folder / "credentials.json").write_text(json.dumps(bench.account))
    source(bench, "GOOGLE_CREDENTIALS, a path", {"GOOGLE_CREDENTIALS": str(folder / "credentials.json")})
    source(bench, "GOOGLE_APPLICATION_CREDENTIALS", {"GOOGLE_APPLICATION_CREDENTIALS": str(folder / "credentials.json")})
    adc.write_text(json.dumps(bench.account))
    source(bench, "gcloud's file", {})
    adc.unlink()
    source(bench, "metadata server", {"GCE_METADATA_HOST": fake.http.split("//")[1]})
    aws = external(fake, {"environment_id": "aws1", "regional_cred_verification_url":
                    "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"})
    aws_proof(bench, {"GOOGLE_CREDENTIALS": json.dumps(aws), "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
                      "AWS_SECRET_ACCESS_KEY": "aws-canary", "AWS_REGION": "eu-west-1"})


def source(bench, name, variables):
    env = bench.env(token=None, **variables)
    del bench.gate.seen[:]
    bench.fake.log(clear=True)
    made = bench.seal(bench.binary, ["--gcp-kms", bench.drongo.key], env)
    got = bench.open(bench.binary, made.out, env)
    bench.check("source", name, got.out == PLAIN, made.reason() + got.reason(), "fake")
    given = {request["headers"]["authorization"] for request in bench.gate.seen}
    good = [value for value in given if bench.known_to_fake(value)]
    bench.check("source", name + ": the token is one of the fake's", good and len(good) == len(given), str(given), "fake")
    bench.both_ways(name, ["--gcp-kms", bench.drongo.key], env)


def precedence(bench):
    """Of every pair of places for credentials, leafseal and sops take the same one."""
    fake, folder, adc = bench.fake, bench.folder, file_of_gcloud(bench)
    (folder / "app.json").write_text(json.dumps(external(fake, {"file": str(folder / "subject")})))
    places = {
        "GOOGLE_CREDENTIALS": {"GOOGLE_CREDENTIALS": json.dumps(bench.account)},
        "GOOGLE_OAUTH_ACCESS_TOKEN": {"GOOGLE_OAUTH_ACCESS_TOKEN": "token-canary"},
        "GOOGLE_APPLICATION_CREDENTIALS": {"GOOGLE_APPLICATION_CREDENTIALS": str(folder / "app.json")},
        "gcloud's file": {},
        "metadata server": {"GCE_METADATA_HOST": fake.http.split("//")[1]},
    }
    taken = []
    for first, second in itertools.combinations(places, 2):
        if "gcloud's file" in (first, second):
            adc.write_text(json.dumps(person(fake)))
        variables = {"GOOGLE_OAUTH_ACCESS_TOKEN": None, **places[first], **places[second]}
        ours, *others = [how_it_logged_in(bench, program, bench.env(**variables)) for program in (bench.binary, *bench.sops.values())]
        bench.check("precedence", f"{first}, {second}", ours and all(other == ours for other in others), f"{ours} {others}", "sops")
        taken.append(ours)
        adc.unlink(missing_ok=True)
    bench.check("precedence", "four places win", len(set(taken)) == 4, str(taken))


def how_it_logged_in(bench, program, env):
    """The token's endpoint and the grant, or that the token was given."""
    bench.fake.log(clear=True)
    del bench.gate.seen[:]
    bench.seal(program, ["--gcp-kms", bench.drongo.key], env)
    if {request["headers"]["authorization"] for request in bench.gate.seen} == {"Bearer token-canary"}:
        return "given"
    logins = [request for request in bench.fake.log() if request["path"].endswith("token")]
    return logins and logins[0]["path"] + " " + dict(urllib.parse.parse_qsl(logins[0]["body"])).get("grant_type", "")


def aws_proof(bench, variables):
    """What Google's STS gets from leafseal and from sops for the same keys is the same, times and signatures aside."""
    proofs = []
    for program in (bench.binary, *bench.sops.values()):
        bench.fake.log(clear=True)
        bench.seal(program, ["--gcp-kms", bench.drongo.key], bench.env(token=None, **variables))
        asked = [request for request in bench.fake.log() if request["path"] == "/v1/token"]
        form = dict(urllib.parse.parse_qsl(asked[0]["body"])) if asked else {}
        proofs.append(json.loads(urllib.parse.unquote_plus(form.get("subject_token", "{}"))))
    parts = [{header["key"].lower(): re.sub(r"Signature=.*|\d{8}T\d{6}Z|/\d{8}/", "", header["value"])
              for header in proof.get("headers", [])} for proof in proofs]
    bench.check("source", "external, AWS: the same headers as sops", all(part == parts[0] and part for part in parts), str(parts), "sops")
    bench.check("source", "external, AWS: the same question", len({(proof.get("url"), proof.get("method")) for proof in proofs}) == 1,
                str(proofs), "sops")


def tokens(bench):
    """Tokens are asked for again when they expire or are refused, and not before."""
    key = bench.drongo.key
    env = bench.env(token=None, GOOGLE_CREDENTIALS=json.dumps(bench.account))
    made = bench.seal(bench.binary, ["--gcp-kms", f"{key},{bench.drongo.other}"], env)
    bench.fake.log(clear=True)
    made = bench.seal(bench.binary, ["--gcp-kms", f"{key},{bench.drongo.other}"], env)
    bench.check("tokens", "one for two keys", made.code == 0 and len(bench.fake.log()) == 1, str(len(bench.fake.log())), "fake")
    with bench.fake.mode("expired", at="oauth", expires_in="30"):
        bench.fake.log(clear=True)
        made = bench.seal(bench.binary, ["--gcp-kms", f"{key},{bench.drongo.other}"], env)
        asked = len(bench.fake.log())
        bench.check("tokens", "one that is about to expire is not kept", made.code == 0 and asked > 1, f"{asked}", "fake")
    bench.gate.refusals = 1
    del bench.gate.seen[:]
    made = bench.seal(bench.binary, ["--gcp-kms", key], env)
    used = [request["headers"]["authorization"] for request in bench.gate.seen]
    bench.check("tokens", "one that is refused is replaced", made.code == 0 and len(set(used)) == 2, f"{made.reason()} {used}")
    bench.gate.refusals = 2
    made = bench.seal(bench.binary, ["--gcp-kms", key], env)
    bench.check("tokens", "and only once", made.code == 1 and b"googleapi: Error 401" in made.err, made.reason())
    bench.gate.refusals = 0


def main():
    with gcp_bench.bench(*sys.argv[1:3]) as bench:
        sources(bench)
        precedence(bench)
        tokens(bench)
    bench.checks.finish()


if __name__ == "__main__":
    main()
