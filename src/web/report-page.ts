// The requirement report as one printable page: no script, and its one style sheet inside, so that it can be saved and sent.

import { createHash } from 'node:crypto';
import type { Language } from '../domain/errors.ts';
import { type CameraReport, REQUIREMENT_STATES, type RequirementState, type Words } from '../domain/requirement.ts';
import { REQUIREMENT_WORDS, STATE_WORDS } from '../domain/requirement-words.ts';
import { redact } from '../domain/secret.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE =
  ':root{color-scheme:light dark}' +
  'body{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:56rem;padding:0 1rem}' +
  'h1{font-size:1.5rem;margin:0 0 .25rem}ul.sum{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0}' +
  'section{border-top:1px solid #8886;padding:.6rem 0;display:grid;grid-template-columns:10rem 1fr;gap:0 1rem}' +
  'h2{font-size:1rem;margin:0}p{margin:.15rem 0;overflow-wrap:anywhere}.state{font-weight:600}.advice{font-style:italic}' +
  '@media(max-width:40rem){section{grid-template-columns:1fr}}' +
  '@media print{body{margin:0;max-width:none;font-size:10.5pt}section{break-inside:avoid}}';

/** What the page may load: its own style sheet, and nothing else. */
export const REPORT_POLICY: string = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`;

const NOTE: Words = {
  en: 'Proven means: Stillwatch used it and got the result. Profiles are the camera’s own claim.',
  da: 'Bevist betyder: Stillwatch brugte det og fik resultatet. Profiler er kameraets egen påstand.',
};
const HEADING: Words = { en: 'Requirement report', da: 'Kravrapport' };

/** For eyes that do not tell colours, and for black ink. */
const MARKS: Readonly<Record<RequirementState, string>> = {
  proven: '✓',
  refused: '✕',
  'not-offered': '–',
  'not-tested': '?',
  'cannot-be-asked': '·',
};

export const reportPage = ({ camera, at, lines }: CameraReport, language: Language): string => {
  const title = escaped(`${HEADING[language]}: ${camera}`);
  const named = (state: RequirementState): string => escaped(`${MARKS[state]} ${STATE_WORDS[state][language]}`);
  const sums = REQUIREMENT_STATES.map(
    (state) => `<li>${named(state)}: ${lines.filter((line) => line.state === state).length}</li>`,
  );
  const rows = lines.map(({ id, state, evidence }) => {
    const words = REQUIREMENT_WORDS[id];
    const facts = evidence.map((fact) => `<p>${escaped(redact(fact[language]))}</p>`).join('');
    const help = state === 'proven' ? '' : `<p class="advice">${escaped(words.advice[language])}</p>`;
    return `<section><p class="state">${named(state)}</p><div><h2>${escaped(words.title[language])}</h2>${facts}${help}</div></section>`;
  });
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1><p>${escaped(`${at.slice(0, 16).replace('T', ' ')} UTC`)}</p>` +
    `<p>${escaped(NOTE[language])}</p><ul class="sum">${sums.join('')}</ul>${rows.join('')}</main></body></html>\n`
  );
};
