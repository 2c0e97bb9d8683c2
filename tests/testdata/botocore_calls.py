"""Asks the AWS that AWS_ENDPOINT_URL leads to, by botocore, and prints as JSON what it understands."""

import json
import os

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

session = botocore.session.get_session()


def client(service):
    return session.create_client(
        service,
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        region_name="eu-west-1",
        config=Config(proxies={}),
    )


def pages(operation, key, **arguments):
    found = []
    for page in client("rds").get_paginator(operation).paginate(**arguments):
        found += page[key]
    return found


def code(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]


rds, sts, iam = client("rds"), client("sts"), client("iam")
print(json.dumps({
    "instances": pages("describe_db_instances", "DBInstances"),
    "clusters": pages("describe_db_clusters", "DBClusters"),
    "clusterEndpoints": pages("describe_db_cluster_endpoints", "DBClusterEndpoints"),
    "proxies": pages("describe_db_proxies", "DBProxies"),
    "proxyEndpoints": pages("describe_db_proxy_endpoints", "DBProxyEndpoints"),
    "globals": pages("describe_global_clusters", "GlobalClusters"),
    "missing": code(rds.describe_db_instances, DBInstanceIdentifier="gone"),
    "modified": rds.modify_db_instance(
        DBInstanceIdentifier="orders",
        EnableIAMDatabaseAuthentication=True,
        ApplyImmediately=True,
    )["DBInstance"]["PendingModifiedValues"],
    "identity": {k: v for k, v in sts.get_caller_identity().items() if k != "ResponseMetadata"},
    "role": iam.get_role(RoleName="app")["Role"]["Arn"],
    "simulation": iam.simulate_principal_policy(
        PolicySourceArn="arn:aws:iam::123456789012:role/app",
        ActionNames=["rds-db:connect"],
        ResourceArns=["arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ORDERS/app"],
    )["EvaluationResults"][0],
}))
