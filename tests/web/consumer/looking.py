"""What a browser can be asked about a page."""

from __future__ import annotations

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
SIDEWAYS = """() => {
    const wide = document.documentElement.clientWidth;
    const inside = e => e.closest('.s-table-box, .s-skip, svg') && !e.matches('.s-table-box');
    const cut = [...document.querySelectorAll('body *')].filter(
        e => !inside(e) && e.getBoundingClientRect().right > wide + 0.5
    ).map(e => e.outerHTML.slice(0, 80));
    return document.documentElement.scrollWidth > wide ? ['page scrolls', ...cut] : cut;
}"""
OVERLAPPING = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const boxes = [];
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (parent.closest('.s-bar, .s-skip, .s-table-box') || !parent.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        for (const box of range.getClientRects())
            if (box.width > 1) boxes.push([box, walker.currentNode.textContent.trim()]);
    }
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
        && a.top < b.bottom - b.height / 4 && b.top < a.bottom - a.height / 4;
    const found = [];
    boxes.forEach(([a, one], i) => boxes.slice(i + 1).forEach(([b, other]) => {
        if (one && other && meet(a, b)) found.push(`${one} / ${other}`);
    }));
    return found;
}"""
STYLES = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim();
        const parent = walker.currentNode.parentElement;
        const style = getComputedStyle(parent);
        if (text && parent.checkVisibility())
            found.push([text, parseFloat(style.fontSize), style.fontWeight]);
    }
    return found;
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll('button, .s-plan, .s-cta, .s-second,'
    + ' summary, .s-top a, .s-foot a, .s-radio, .s-tick, input:not([type=hidden])')].filter(e => {
    if (!e.checkVisibility() || e.closest('label') !== null && !e.matches('label')) return false;
    const box = e.getBoundingClientRect();
    return box.height < 43.5 || box.width < 43.5;
}).map(e => e.outerHTML.slice(0, 80))"""
REACHABLE = """() => {
    const groups = new Set();
    return [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), summary, [tabindex="0"]'
    )].filter(e => {
        if (!e.checkVisibility()) return false;
        if (e.type !== 'radio') return true;
        const seen = groups.has(e.name);
        groups.add(e.name);
        return !seen;
    }).length;
}"""
FOCUS = """() => {
    const e = document.activeElement;
    if (e === document.body) return null;
    const ring = e.matches('.s-plan input') ? e.nextElementSibling : e;
    const style = getComputedStyle(ring);
    const box = e.getBoundingClientRect();
    const bar = document.querySelector('.s-bar');
    const hidden = bar && !bar.contains(e) && getComputedStyle(bar).position === 'sticky'
        && box.top >= bar.getBoundingClientRect().top - 1;
    e.dataset.seen = e.dataset.seen || String(Math.random());
    return {
        id: e.type === 'radio' ? e.name : e.dataset.seen,
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        shown: !hidden && box.top < innerHeight && box.bottom > 0,
        what: e.outerHTML.slice(0, 80),
    };
}"""
