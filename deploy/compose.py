"""What docker-compose.yml cannot do itself: create its secrets, and prepare what must exist before Airflow starts.

python -m deploy.compose env     print passwords, keys and places for `.env` (`make env`)
python -m deploy.compose init    create the login and the bucket, and deliver the sample articles to their own landing zone
"""

import base64
import json
import os
import secrets
from pathlib import Path

import typer

from pipeline.app import demo
from pipeline.store.uris import open_storage

# The places that a new `.env` names. To use your own documents, change them there.
_LANDING, _WAREHOUSE = f"s3://newsfold/{demo.LANDING}", f"s3://newsfold/{demo.WAREHOUSE}"

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def env() -> None:
    """Print the variables that docker-compose.yml needs: a new value for every secret, and the places of the samples."""
    made = {
        "ADMIN_PASSWORD": secrets.token_urlsafe(12),
        "POSTGRES_PASSWORD": secrets.token_hex(16),  # hex, because it is part of a URL
        "FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "JWT_SECRET": secrets.token_urlsafe(48),
        "API_SECRET_KEY": secrets.token_urlsafe(32),
        "S3_ACCESS_KEY": secrets.token_hex(10),
        "S3_SECRET_KEY": secrets.token_urlsafe(30),
        "NEWSFOLD_LANDING": _LANDING,
        "NEWSFOLD_WAREHOUSE": _WAREHOUSE,
    }
    typer.echo("\n".join(f"{name}={value}" for name, value in made.items()))


@app.command()
def init() -> None:
    """Prepare what Airflow's services need. Each step is safe to repeat; what exists stays."""
    login = Path(os.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"])
    login.touch(mode=0o600)
    password = Path(os.environ["ADMIN_PASSWORD_FILE"]).read_text().strip()
    login.write_text(json.dumps({"admin": password}))
    places = [os.environ["NEWSFOLD_LANDING"], os.environ["NEWSFOLD_WAREHOUSE"]]
    make_buckets({place.removeprefix("s3://").split("/")[0] for place in places if place.startswith("s3://")})
    if places == [_LANDING, _WAREHOUSE]:
        demo.deliver(open_storage(_LANDING))


def make_buckets(names: set[str]) -> None:
    """Create the buckets that do not exist."""
    if not names:
        return
    import boto3

    client = boto3.client("s3")
    there = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    for name in sorted(names - there):
        client.create_bucket(Bucket=name)


if __name__ == "__main__":
    app()
