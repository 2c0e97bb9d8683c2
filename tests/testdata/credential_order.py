"""Prints whose key botocore, as the AWS CLI uses it, finds in each case of a JSON file: a list of their ids."""

import functools
import json
import os
import sys

import botocore.session

found = []
for case in json.load(open(sys.argv[1])):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(case["environment"], AWS_DEFAULT_REGION="eu-west-1")
    session = botocore.session.Session(profile=case["profile"])
    # Older versions of botocore read no AWS_ENDPOINT_URL.
    session.create_client = functools.partial(
        session.create_client,
        endpoint_url=case["endpoint"],
        region_name="eu-west-1",
    )
    try:
        credentials = session.get_credentials()
        found.append(credentials and credentials.get_frozen_credentials().access_key)
    except Exception as error:
        found.append(repr(error))
print(json.dumps(found))
