// The requirement report as text for a terminal, and as JSON for programs.

import type { Language } from '../../domain/errors.ts';
import type { CameraReport } from '../../domain/requirement.ts';
import { REQUIREMENT_WORDS, STATE_WORDS } from '../../domain/requirement-words.ts';
import { redact } from '../../domain/secret.ts';

export const reportText = ({ camera, at, lines }: CameraReport, language: Language): string =>
  `${camera} · ${at}\n\n` +
  lines
    .map(({ id, state, evidence }) => {
      const { title, advice } = REQUIREMENT_WORDS[id];
      const facts = evidence.map((fact) => `\n    ${redact(fact[language])}`).join('');
      const help = state === 'proven' ? '' : `\n    > ${advice[language]}`;
      return `${STATE_WORDS[state][language].padEnd(18)}${title[language]}${facts}${help}\n`;
    })
    .join('');

export const reportJson = ({ lines, ...report }: CameraReport, language: Language): string => {
  const shown = lines.map(({ id, state, evidence }) => ({
    id,
    title: REQUIREMENT_WORDS[id].title[language],
    state,
    evidence: evidence.map((fact) => redact(fact[language])),
    ...(state === 'proven' ? {} : { advice: REQUIREMENT_WORDS[id].advice[language] }),
  }));
  return `${JSON.stringify({ ...report, lines: shown }, undefined, 2)}\n`;
};
