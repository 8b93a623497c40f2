"""Certificates for servers on loopback, made by the openssl command: an authority that lasts two days, and leaves of it."""
import ssl
import subprocess


def openssl(*args):
    subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True)


def authority(folder):
    """Writes ca.pem, which a client is told to trust, and ca.key."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", folder / "ca.key",
            "-out", folder / "ca.pem", "-subj", "/CN=test authority", "-days", "2")


def certificate(folder, name, subjects):
    """A server's TLS context with a certificate for `subjects` (`DNS:localhost,IP:127.0.0.1`), signed by the authority."""
    key, request, file = folder / f"{name}.key", folder / f"{name}.csr", folder / f"{name}.pem"
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", request,
            "-subj", f"/CN={name}")
    (folder / "extensions").write_text("subjectAltName=" + subjects)
    openssl("x509", "-req", "-in", request, "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-days", "2",
            "-CAcreateserial", "-extfile", folder / "extensions", "-out", file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return context
