"""What a page is looked at for, in the browser itself: each check answers with what is wrong, in words."""

from pathlib import Path

import axe_core_python
from playwright.sync_api import Page

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = ("serious", "critical")

RULES = "axe.run(document, {resultTypes: ['violations']})"

WIDE = """() => {
  const screen = document.documentElement.clientWidth;
  const cut = (e) => /(auto|scroll|hidden|clip)/.test(getComputedStyle(e).overflowX);
  const scrolls = (e) => { for (; e; e = e.parentElement) if (cut(e)) return true; };
  const far = [...document.body.querySelectorAll('*')].filter((e) => {
    const box = e.getBoundingClientRect();
    const off = box.width > 1 && box.height > 1 && (box.right > screen + 1 || box.left < -1);
    return off && e.checkVisibility() && !scrolls(e.parentElement);
  });
  const wide = document.documentElement.scrollWidth - screen;
  return [...(wide > 0 ? [`${wide} px wider than the screen`] : []),
          ...far.slice(0, 3).map((e) => `leaves the screen: ${e.outerHTML.slice(0, 140)}`)];
}"""

SMALL = """() => [...document.querySelectorAll('.btn.touch, .btn.primary, .dock a, .foot .btn, .segments label')]
  .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5)
  .slice(0, 3).map((e) => `under 44 px: ${e.outerHTML.slice(0, 140)}`)"""

TIGHT = """() => {
  const place = (e) => { for (e = e.parentElement; e; e = e.parentElement) {
    const s = getComputedStyle(e);
    if (/(auto|scroll)/.test(s.overflowY + s.overflowX) || /(sticky|fixed)/.test(s.position)) return e; } };
  const inWords = (e) => getComputedStyle(e).display.startsWith('inline') && e.tagName !== 'INPUT' &&
    [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((e) => e.checkVisibility() && !e.closest('.vh, .skip'))
    .map((e) => ({ e, b: (e.closest('label') || e).getBoundingClientRect() }))
    .filter(({ b }) => b.width > 1);
  const small = (b) => b.width < 23.5 || b.height < 23.5;
  const at = (b) => [b.left + b.width / 2, b.top + b.height / 2];
  const near = (a, b) => {
    const [x, y] = at(a), [u, v] = at(b);
    if (small(b)) return Math.hypot(x - u, y - v) < 23.5;
    return Math.hypot(Math.max(b.left - x, 0, x - b.right), Math.max(b.top - y, 0, y - b.bottom)) < 11.5;
  };
  return all.filter(({ e, b }) => small(b) && !inWords(e) &&
      all.some((o) => o.e !== e && !o.e.contains(e) && !e.contains(o.e) && near(b, o.b) && place(o.e) === place(e)))
    .slice(0, 3).map(({ e }) => `under 24 px: ${e.outerHTML.slice(0, 140)}`);
}"""

HEADED = """() => { const n = [...document.querySelectorAll('h1')].filter((e) => e.offsetParent).length;
  return n === 1 ? [] : [`${n} headings of the first level`]; }"""

NAMED = """() => [
  ...[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter((e) => e.checkVisibility() && !(e.labels && e.labels.length) && !e.getAttribute('aria-label')),
  ...[...document.images].filter((e) => !e.hasAttribute('alt')),
  ...[...document.querySelectorAll('a[href], button')]
    .filter((e) => e.checkVisibility() && !e.textContent.trim() && !e.getAttribute('aria-label'))
    .filter((e) => !e.querySelector('[aria-label], img[alt]')),
].slice(0, 3).map((e) => `without a name: ${e.outerHTML.slice(0, 140)}`)"""

FOCUS = """() => {
  const drawn = (s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;
  const shows = (e) => drawn(getComputedStyle(e));
  const seen = (e) => e.checkVisibility({ checkVisibilityCSS: true }) && e.getBoundingClientRect().width > 0;
  const lost = [];
  const keys = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  for (const e of document.querySelectorAll(keys)) {
    if (!seen(e) || e.disabled) continue;
    e.focus();
    if (document.activeElement !== e) { lost.push(`no key reaches: ${e.outerHTML.slice(0, 140)}`); continue; }
    let around = e, found = false;
    for (let n = 0; n < 4 && around && !found; n += 1, around = around.parentElement)
      found = shows(around) || (around.nextElementSibling !== null && n === 0 && shows(around.nextElementSibling));
    if (!found) lost.push(`nobody sees where the focus is: ${e.outerHTML.slice(0, 140)}`);
  }
  for (const e of document.querySelectorAll('[data-href], [data-open]'))
    if (seen(e) && e.tabIndex < 0 && !e.querySelector('a[href], button') && !e.matches('tr'))
      lost.push(`by mouse alone: ${e.outerHTML.slice(0, 140)}`);
  return lost.slice(0, 4);
}"""


def read_aloud(page: Page) -> list[str]:
    """Serious violations of WCAG: names, labels, alternatives, contrast."""
    page.evaluate(AXE)
    found = page.evaluate(RULES)["violations"]
    return [f"{v['id']} {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in SERIOUS]


def fits(page: Page) -> list[str]:
    """What leaves the screen."""
    found: list[str] = page.evaluate(WIDE)
    return found


def headed(page: Page) -> list[str]:
    """One heading of the first level, and no other."""
    found: list[str] = page.evaluate(HEADED)
    return found


def named(page: Page) -> list[str]:
    """Fields without a label, pictures without an alternative, buttons without a word."""
    found: list[str] = page.evaluate(NAMED)
    return found


def thumbs(page: Page) -> list[str]:
    """Main actions too small for a thumb."""
    found: list[str] = page.evaluate(SMALL)
    return found


def apart(page: Page) -> list[str]:
    """Targets under 24 px that stand too near another, as WCAG 2.2 counts it; links within a sentence are exempt."""
    found: list[str] = page.evaluate(TIGHT)
    return found


def by_keyboard(page: Page) -> list[str]:
    """What no keyboard reaches, and where nobody sees the focus."""
    page.keyboard.press("Tab")  # from here on the browser shows the focus
    found: list[str] = page.evaluate(FOCUS)
    return found
