"""Calls over HTTP as a browser makes them, from as many threads as a test wants."""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar

# A job may take as long as this on a busy machine.
TIMEOUT_S = 900


class RpcError(Exception):
    """What the server answered; ``name`` is the class of the error."""

    def __init__(self, error):
        self.name = error["data"]["name"]
        super().__init__(f"{self.name}: {error['data']['message']}")


class Session:
    """One logged-in user, for one thread."""

    def __init__(self, url, database, login, password=None):
        self.url = url
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        )
        answer = self._post(
            "/web/session/authenticate",
            db=database,
            login=login,
            password=password or login,
        )
        self.user_id = answer["uid"]

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does; return its result."""
        return self._post(
            "/web/dataset/call_kw",
            model=model,
            method=method,
            args=list(args),
            kwargs=kwargs,
        )

    def _post(self, path, **params):
        request = urllib.request.Request(
            self.url + path,
            json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode(),
            {"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=TIMEOUT_S) as response:
            answer = json.load(response)
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer["result"]


def race(*calls):
    """Run these functions at once, each in its thread; return what they returned."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]
