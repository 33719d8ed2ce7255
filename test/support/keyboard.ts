// Whether a screen can be used without a mouse: everything on it that does something is come to by Tab, and is seen to have the
// focus. What has `tabindex="-1"` is moved to by other keys (arrows in the timeline); test/keyboard.test.ts does that.

import type { Page } from 'playwright-core';

/** Marks what can be worked and is to be seen; inside the open dialog, where there is one. @returns how much that is */
const MARK = `(() => {
  const root = document.querySelector('dialog[open]') ?? document;
  const all = [...root.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
  const works = all.filter((one) =>
    one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.type !== 'hidden' &&
    one.getAttribute('tabindex') !== '-1' && !one.closest('[inert]') && !one.closest('fieldset[disabled]'));
  document.activeElement?.blur?.();
  globalThis.lookOf = (one) => [one, ...one.querySelectorAll('*')].map((part) => {
    const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor, fill, stroke } = getComputedStyle(part);
    return [outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor, fill, stroke].join(' ');
  }).join();
  globalThis.looks = new Map(works.map((one) => [one, globalThis.lookOf(one)]));
  works.forEach((one, at) => one.setAttribute('data-reach', String(at)));
  globalThis.reached = new Set();
  globalThis.unseen = new Set();
  return works.length;
})()`;

/** Of radios with one name Tab comes to one, and arrows to the others. */
const NOTE = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  // In a date the browser itself shows which part of it has the focus.
  const isSeen = at.type === 'date' || globalThis.looks.get(at) !== globalThis.lookOf(at);
  const group = at.type === 'radio' ? document.getElementsByName(at.name) : [at];
  for (const one of group) globalThis.reached.add(one.getAttribute('data-reach'));
  if (!isSeen) globalThis.unseen.add(at.outerHTML.slice(0, 120));
  return at.getAttribute('data-reach');
})()`;

const LEFT = `[...document.querySelectorAll('[data-reach]')]
  .filter((one) => !globalThis.reached.has(one.getAttribute('data-reach')))
  .map((one) => 'not reached: ' + one.outerHTML.slice(0, 120))
  .concat([...globalThis.unseen].map((one) => 'focus not seen: ' + one))`;

export const unreached = async (page: Page): Promise<readonly string[]> => {
  const count = await page.evaluate<number>(MARK);
  if (count === 0) return ['nothing can be worked here'];
  // Round once, with room for what is there besides: the page's own scrollers, the browser's end of the round.
  for (let step = 0; step < count + 12; step++) {
    await page.keyboard.press('Tab');
    await page.evaluate(NOTE);
  }
  return page.evaluate<string[]>(LEFT);
};

/** Tab by tab, as somebody without a mouse comes there. */
export const tabTo = async (page: Page, selector: string): Promise<void> => {
  const wanted = page.locator(selector).first();
  await wanted.waitFor({ state: 'attached' });
  const focused = wanted.and(page.locator(':focus'));
  for (let step = 0; step < 90; step++) {
    if ((await focused.count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`not reached by Tab: ${selector}`);
};
