// HTML as values: whatever is put into a template is escaped, unless it is itself the result of a template.
// Attribute values must be quoted in the template; then no value can leave its place.

const made: unique symbol = Symbol('html');

export interface Html {
  readonly [made]: string;
}

export type HtmlPart = Html | string | number | false | null | undefined | readonly HtmlPart[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (found) => ENTITIES[found] ?? '');

const isHtml = (part: HtmlPart): part is Html => typeof part === 'object' && part !== null && made in part;

const textOf = (part: HtmlPart): string => {
  if (part === false || part === null || part === undefined) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return isHtml(part) ? part[made] : part.map(textOf).join('');
};

/** ``html`<p>${text}</p>` ``; `false`, `null` and `undefined` leave nothing behind. */
export const html = (strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html => ({
  [made]: strings.map((text, at) => text + textOf(parts[at])).join(''),
});

export const render = (page: Html): string => page[made];
