// The pseudo-language: every word the screen shows becomes two fifths longer, in the page itself, so that texts of every
// origin are tried: those of the catalogue, of the error table, names of cameras, times. And what no layout may do then.

import type { Page } from 'playwright-core';

/** Runs in the page. Words grow from within, as Danish and German ones do: a longer sentence alone would wrap. */
const GROW = `(() => {
  const grow = (text) => text.replace(/\\p{L}+/gu, (word) => {
    const more = Math.ceil(word.length * 0.4);
    const at = Math.max(1, Math.floor(word.length / 2));
    return word.slice(0, at) + 'øé'.repeat(more).slice(0, more) + word.slice(at);
  });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  let grown = 0;
  for (const node of nodes) {
    if (node.parentElement?.closest('script, style, svg title')) continue;
    const longer = grow(node.data);
    if (longer !== node.data) { node.data = longer; grown++; }
  }
  for (const field of document.querySelectorAll('[placeholder]')) field.placeholder = grow(field.placeholder);
  return grown;
})()`;

/**
 * Runs in the page. A text is lost when it sticks out of the window, out of the control or cell it stands in, or when a box
 * on the way cuts it off. What only screen readers are told is not looked at; what scrolls sideways by design says so.
 */
const LOST = `(() => {
  const lost = [];
  const say = (element, how) => lost.push(how + ': <' + element.localName + ' class="' + element.className + '"> ' + element.textContent.trim().slice(0, 60));
  if (document.documentElement.scrollWidth > innerWidth) {
    lost.push('the page is ' + (document.documentElement.scrollWidth - innerWidth) + ' px too wide');
    for (const element of document.body.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      if (box.right > innerWidth + 1 && box.width > 0 && !element.closest('.visually-hidden, [data-scrolls]')) say(element, 'too wide');
    }
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!parent || node.data.trim() === '' || parent.closest('.visually-hidden, .skip, script, style, svg, option, [hidden], [data-scrolls]')) continue;
    if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width === 0) continue;
      if (rect.right > innerWidth + 1 || rect.left < -1) { say(parent, 'outside the window'); break; }
      const holder = parent.closest('a, button, label, td, th, li, summary, p, h1, h2, h3, dd, dt, legend');
      const box = holder?.getBoundingClientRect();
      if (box && box.width > 0 && getComputedStyle(holder).display !== 'inline' && (rect.right > box.right + 1.5 || rect.left < box.left - 1.5)) { say(holder, 'sticks out'); break; }
      let cut = false;
      for (let outer = parent; outer && outer !== document.documentElement; outer = outer.parentElement) {
        const style = getComputedStyle(outer);
        if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
        const edge = outer.getBoundingClientRect();
        const scrolls = style.overflowY === 'auto' || style.overflowY === 'scroll';
        cut = rect.right > edge.right + 1.5 || rect.left < edge.left - 1.5 || (!scrolls && (rect.bottom > edge.bottom + 1.5 || rect.top < edge.top - 1.5));
        if (cut) { say(parent, 'cut off'); break; }
        if (scrolls) break;
      }
      if (cut) break;
    }
  }
  return [...new Set(lost)];
})()`;

/** @returns how many texts grew */
export const growTexts = (page: Page): Promise<number> => page.evaluate<number>(GROW);

/** What cannot be read, in words; empty on a whole layout. */
export const lostTexts = (page: Page): Promise<readonly string[]> => page.evaluate<readonly string[]>(LOST);
