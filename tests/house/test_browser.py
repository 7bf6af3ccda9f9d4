"""The browser that page tests use really draws Chinese."""

from __future__ import annotations

from playwright.sync_api import Browser

from needs import missing

DRAW = """text => {
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d');
    pen.font = '40px sans-serif';
    pen.fillText(text, 10, 50);
    return canvas.toDataURL();
}"""
NO_GLYPH = "\U000f0000"  # private use: every font draws its box for what it lacks


def test_chinese_is_drawn_and_not_boxes(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content("<title>三适</title><h1>成本适当</h1>")
    assert page.title() == "三适"
    assert page.inner_text("h1") == "成本适当"
    drawn = {text: page.evaluate(DRAW, text) for text in ("三", "适", " ", NO_GLYPH)}
    page.close()
    assert drawn["三"] != drawn[" "]
    if drawn["三"] == drawn[NO_GLYPH]:
        missing("No Chinese font: apt-get install fonts-noto-cjk.")
    assert len(set(drawn.values())) == len(drawn)
