"""Walk the tour of a demo city that is being served: every printed place, with what is printed."""

from __future__ import annotations

import re
import sys
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

RESIDENT = re.compile(r"(\S+)\s+(1\d{10})\s+(\d{17}[\dX])")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+[^\s]*")
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
ACCOUNT = re.compile(r"<b>([a-z.]+)</b>.*?<code>([0-9a-f-]+)</code>", re.DOTALL)


class Visitor:
    """Somebody with a browser's cookies."""

    def __init__(self) -> None:
        # No proxy of the machine stands between a visitor and this machine.
        self._open = build_opener(HTTPCookieProcessor(CookieJar()), ProxyHandler({})).open
        self.page = ""
        self.url = ""

    def get(self, url: str) -> str:
        """Go somewhere."""
        return self._read(Request(url))

    def post(self, url: str, **fields: str) -> str:
        """Send the page's form."""
        body = urlencode({**dict(HIDDEN.findall(self.page)), **fields}).encode()
        return self._read(Request(url, body))

    def _read(self, request: Request) -> str:
        with self._open(request, timeout=60) as answer:
            self.page, self.url = answer.read().decode(), answer.url
        return self.page


def main(port: int, printed: str) -> None:
    """Walk it."""
    pages, desk = f"http://127.0.0.1:{port + 1}", f"http://127.0.0.1:{port + 2}"
    for address in sorted(set(ADDRESS.findall(printed))):
        Visitor().get(address if not address.endswith("/v1") else f"{address[:-3]}/openapi.json")
    town = Visitor().get(f"{pages}/sandbox?lang=en")
    residents = RESIDENT.findall(printed)
    assert len(residents) >= 5, "nobody to be"
    for name, mobile, number in residents[:3]:
        be(pages, name, mobile, number)
    officer, password = ACCOUNT.findall(town)[0]
    work(desk, officer, password)
    buy(pages)
    visitor = Visitor()
    visitor.get(f"{pages}/sandbox")
    before = re.findall(r'datetime="([0-9-]+)"', visitor.page)[0]
    visitor.post(f"{pages}/sandbox/next-day")
    after = re.findall(r'datetime="([0-9-]+)"', visitor.page)[0]
    assert after > before, (before, after)
    print(f"the tour was walked: {len(residents)} residents, {officer}, {before} became {after}")


def be(pages: str, name: str, mobile: str, number: str) -> None:
    """Sign in as somebody, and see their loans."""
    visitor = Visitor()
    visitor.get(f"{pages}/sign-in")
    visitor.post(f"{pages}/sign-in", mobile=mobile)
    texts = re.findall(
        rf"{mobile}</p><p>[^<]*?([0-9]{{6}})", Visitor().get(f"{pages}/sandbox/phone")
    )
    visitor.post(f"{pages}/sign-in/code", code=texts[0])
    visitor.post(f"{pages}/sign-in/confirm", id_tail=number[-6:])
    assert visitor.url == f"{pages}/loans", (name, visitor.url)
    for loan in re.findall(r'href="(/loans/ln_[^"]+)"', visitor.page)[:1]:
        visitor.get(pages + loan)


def work(desk: str, officer: str, password: str) -> None:
    """Sign in at the workbench."""
    visitor = Visitor()
    visitor.get(f"{desk}/sign-in")
    visitor.post(f"{desk}/sign-in", user_name=officer, password=password)
    assert "/sign-in" not in visitor.url, visitor.page[-2000:]


def buy(pages: str) -> None:
    """Go to the checkout of a shop."""
    visitor = Visitor()
    visitor.get(f"{pages}/sandbox")
    visitor.post(f"{pages}/sandbox/buy", merchant="haitai", sku="HT-FRIDGE-520")
    assert "/checkout/" in visitor.url, visitor.url


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8"))
