"""Contrast of text on what really lies behind it: computed in the page from styles, all backgrounds composited."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ENOUGH = 4.5  # WCAG AA for normal text
COLOURED = "[data-sign], .xw-unit, .xw-strip-word, .xw-cell-number"
WRITTEN = (
    ".xw-word, .xw-line, .xw-fact, .xw-name, .xw-key, .xw-tool:enabled, .xw-about, .xw-number, .xw-label, "
    ".xw-strip-word, .xw-report-key, [class*=xw-] td, [class*=xw-] th, [class*=xw-] p, [class*=xw-] li, "
    "[class*=xw-] button:enabled, [class*=xw-] caption, [class*=xw-] summary, [class*=xw-] label"
)
# The strongest colours that can occur: full heat of both signs, some units hidden, some always kept.
SATURATE = """selector => {
    for (const [i, node] of document.querySelectorAll(selector).entries()) {
        node.style.setProperty('--xw-strength', '1');
        node.dataset.sign = i % 2 ? 'raises' : 'lowers';
        if (!node.matches('.xw-unit')) continue;
        node.dataset.active = String(i % 5 !== 4);
        node.dataset.hidden = String(i % 7 === 6);
    }
}"""
FAINT = r"""([selector, enough]) => {
    const brush = Object.assign(document.createElement('canvas'), {width: 1, height: 1})
        .getContext('2d', {willReadFrequently: true});
    const known = new Map();
    const parse = colour => {
        if (!known.has(colour)) {
            brush.clearRect(0, 0, 1, 1);
            brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1);
            const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
            known.set(colour, [r, g, b, a / 255]);
        }
        return known.get(colour);
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
    const canvas = parse(matchMedia('(prefers-color-scheme: dark)').matches ? '#121212' : '#ffffff');
    const ground = node => {
        const stack = [];
        for (let at = node; at; at = at.parentElement) stack.push(parse(getComputedStyle(at).backgroundColor));
        return stack.reverse().reduce((below, colour) => over(colour, below), canvas.slice(0, 3));
    };
    const light = rgb => rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ratio = node => {
        const below = ground(node), ink = over(parse(getComputedStyle(node).color), below);
        const [high, low] = [light(ink), light(below)].sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05);
    };
    const seen = [...document.querySelectorAll(selector)]
        .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()))
        .filter(node => node.checkVisibility() && !node.closest(':disabled'));
    return {count: seen.length, faint: seen.map(node => [ratio(node), node]).filter(([r]) => r < enough)
        .map(([r, node]) => `${r.toFixed(2)} ${node.className || node.tagName}: ${node.textContent.slice(0, 60)}`)};
}"""


def saturate(page: Page) -> None:
    """Give every unit, word and cell that can have heat its strongest colour."""
    page.evaluate(SATURATE, COLOURED)


def faint(page: Page) -> list[str]:
    """A line for each text of our widgets that cannot be read well on its ground."""
    found = page.evaluate(FAINT, [WRITTEN, ENOUGH])
    assert found["count"] > 0, "there is no text to look at"
    return list(found["faint"])
