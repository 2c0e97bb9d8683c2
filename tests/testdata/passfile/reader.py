"""Logs in for each line of stdin with the driver that the first argument names, and answers each with a line.

A line is: passfile, host, port, database, user and number, percent-encoded. The address dialled is 127.0.0.1.
"""

import sys
from urllib.parse import unquote

driver = sys.argv[1]

if driver == "asyncpg":
    import asyncio
    import asyncpg

    loop = asyncio.new_event_loop()

    def connect(passfile, host, port, database, user, number):
        settings = {"application_name": number}
        loop.run_until_complete(
            asyncpg.connect(host=host, port=int(port), database=database, user=user, passfile=passfile, ssl=False,
                            timeout=10, server_settings=settings))
else:
    module = __import__(driver)

    def connect(passfile, host, port, database, user, number):
        module.connect(host=host, hostaddr="127.0.0.1", port=port, dbname=database, user=user, passfile=passfile,
                       sslmode="disable", gssencmode="disable", connect_timeout=10, application_name=number)

for line in sys.stdin:
    try:
        connect(*map(unquote, line.split()))
        answer = "connected"
    except Exception as error:
        answer = type(error).__name__ + ": " + " ".join(str(error).split())
    print(answer, flush=True)
