"""Logs in to a server of pgAdmin's servers.json as pgAdmin does (ServerManager.create_connection_string), and prints who it is."""

import json
import subprocess
import sys

import psycopg

with open(sys.argv[1]) as file:
    (server,) = json.load(file)["Servers"].values()
assert isinstance(server["Port"], int)
command = server.get("PasswordExecCommand")
password = {}
if command is not None:
    output = subprocess.run(command, shell=True, check=True, capture_output=True, text=True)
    password["password"] = output.stdout.strip()
with psycopg.connect(
    host=server["Host"],
    port=server["Port"],
    dbname=server["MaintenanceDB"],
    user=server["Username"],
    **server["ConnectionParameters"],
    **password,
) as connection:
    print(connection.execute("select session_user").fetchone()[0])
