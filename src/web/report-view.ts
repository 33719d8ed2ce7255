// A requirement report in the visitor's language.

import { isoText } from '../domain/civil-time.ts';
import type { Language } from '../domain/errors.ts';
import { REQUIREMENT_WORDS, STATE_WORDS } from '../domain/requirement-words.ts';
import { redact } from '../domain/secret.ts';
import { epochMs } from '../domain/units.ts';
import type { WebDeps } from './deps.ts';
import type { ReportStatus } from './reports.ts';
import { troubleView } from './status-view.ts';
import type { CameraReportView } from './wire-api.ts';

export const reportView = (
  { asking, trouble, report }: ReportStatus,
  deps: WebDeps,
  language: Language,
): CameraReportView => ({
  state: asking !== undefined ? 'asking' : trouble ? 'failed' : report ? 'made' : 'none',
  asking: asking ?? null,
  trouble: trouble ? troubleView(trouble, deps, language) : null,
  report: report
    ? {
        camera: report.camera,
        at: isoText(epochMs(Date.parse(report.at)), deps.zone),
        lines: report.lines.map(({ id, state, evidence }) => ({
          id,
          title: REQUIREMENT_WORDS[id].title[language],
          state,
          stateText: STATE_WORDS[state][language],
          evidence: evidence.map((fact) => redact(fact[language])),
          advice: state === 'proven' ? null : REQUIREMENT_WORDS[id].advice[language],
        })),
      }
    : null,
});
