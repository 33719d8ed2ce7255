// The requirement report as text for a terminal and as one printable page without scripts.

import type { Language } from '../../domain/errors.ts';
import type { RequirementLine, RequirementState } from '../../domain/requirement.ts';
import { REQUIREMENT_WORDS, STATE_WORDS } from '../../domain/requirement-words.ts';
import { redact } from '../../domain/secret.ts';

export interface CameraReport {
  readonly camera: string;
  /** ISO 8601. */
  readonly at: string;
  readonly lines: readonly RequirementLine[];
}

const needsAdvice = (state: RequirementState): boolean => state !== 'proven';

export const reportText = ({ camera, at, lines }: CameraReport, language: Language): string =>
  `${camera} · ${at}\n\n` +
  lines
    .map(({ id, state, evidence }) => {
      const { title, advice } = REQUIREMENT_WORDS[id];
      const facts = evidence.map((fact) => `\n    ${redact(fact)}`).join('');
      const help = needsAdvice(state) ? `\n    > ${advice[language]}` : '';
      return `${STATE_WORDS[state][language].padEnd(18)}${title[language]}${facts}${help}\n`;
    })
    .join('');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE =
  'body{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem;color:#1a1a1a}' +
  'h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}td,th{border-top:1px solid #bbb;padding:.5rem;text-align:left;vertical-align:top}' +
  'td:first-child{white-space:nowrap;font-weight:600}p{margin:.2rem 0}.advice{color:#444;font-style:italic}' +
  '@media print{body{margin:0;max-width:none;font-size:11pt}tr{break-inside:avoid}}';

const NOTE: Readonly<Record<Language, string>> = {
  en: 'Proven means: Stillwatch used it and got the result. Profiles are the camera’s own claim.',
  da: 'Bevist betyder: Stillwatch brugte det og fik resultatet. Profiler er kameraets egen påstand.',
};
const HEADING: Readonly<Record<Language, string>> = { en: 'Requirement report', da: 'Kravrapport' };

export const reportPage = ({ camera, at, lines }: CameraReport, language: Language): string => {
  const rows = lines.map(({ id, state, evidence }) => {
    const { title, advice } = REQUIREMENT_WORDS[id];
    const facts = evidence.map((fact) => `<p>${escaped(redact(fact))}</p>`).join('');
    const help = needsAdvice(state) ? `<p class="advice">${escaped(advice[language])}</p>` : '';
    return `<tr><td>${escaped(STATE_WORDS[state][language])}</td><td><strong>${escaped(title[language])}</strong>${facts}${help}</td></tr>`;
  });
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${escaped(`${HEADING[language]}: ${camera}`)}</title><style>${STYLE}</style></head><body>` +
    `<h1>${escaped(`${HEADING[language]}: ${camera}`)}</h1><p>${escaped(at)}</p><p>${escaped(NOTE[language])}</p>` +
    `<table><tbody>${rows.join('')}</tbody></table></body></html>\n`
  );
};
