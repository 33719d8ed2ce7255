import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html, render } from './html.ts';

describe('html', () => {
  it.each([
    ['text', html`<p>${'a < b & "c" \'d\''}</p>`, '<p>a &lt; b &amp; &quot;c&quot; &#39;d&#39;</p>'],
    ['a number', html`<p>${0}</p>`, '<p>0</p>'],
    ['a template in a template', html`<p>${html`<b>${'&'}</b>`}</p>`, '<p><b>&amp;</b></p>'],
    ['a list', html`<ul>${['<', html`<li>`]}</ul>`, '<ul>&lt;<li></ul>'],
    ['nothing', html`<p>${false}${null}${undefined}${[]}</p>`, '<p></p>'],
    [
      'an object made to look like a template',
      html`${JSON.stringify({ text: '<b>' })}`,
      '{&quot;text&quot;:&quot;&lt;b&gt;&quot;}',
    ],
  ])('puts in %s', (_, page, text) => {
    expect(render(page)).toBe(text);
  });

  it('lets no value leave its text or its quoted attribute', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const page = render(html`<a title="${value}">${value}</a>`);
        const [, title = '', text = ''] = /^<a title="([^"<>]*)">([^"<>]*)<\/a>$/.exec(page) ?? [];
        expect(page).toBe(`<a title="${title}">${text}</a>`);
      }),
    );
  });

  it('escapes so that unescaping gives the text back', () => {
    const back: Readonly<Record<string, string>> = {
      '&amp;': '&',
      '&lt;': '<',
      '&gt;': '>',
      '&quot;': '"',
      '&#39;': "'",
    };
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(escapeHtml(value).replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => back[entity] ?? '')).toBe(value);
      }),
    );
  });
});
