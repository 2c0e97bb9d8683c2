"""Reads, or writes, the session of a profile's role as the AWS CLI does: botocore with the CLI's cache."""

import datetime
import os
import sys

import botocore.session
from botocore.utils import JSONFileCache


class Sts:
    def assume_role(self, **params):
        assert params["TokenCode"] == "654321", params
        end = datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc)
        return {
            "Credentials": {
                "AccessKeyId": "ASIAFROMTHECLI",
                "SecretAccessKey": "hunter2",
                "SessionToken": "session-secret",
                "Expiration": end,
            }
        }


def no_prompt(_question):
    raise SystemExit("botocore asks for a code")


mode, profile = sys.argv[1:]
cache = JSONFileCache(os.path.expanduser("~/.aws/cli/cache"))
session = botocore.session.Session(profile=profile)
provider = session.get_component("credential_provider").get_provider("assume-role")
provider.cache = cache
provider._prompter = no_prompt
if mode == "write":
    # Its clients of STS know no local server: the answer is put in their place.
    provider._client_creator = lambda *_args, **_options: Sts()
    provider._prompter = lambda _question: "654321"
credentials = session.get_credentials().get_frozen_credentials()
print(credentials.access_key, credentials.secret_key, credentials.token)
