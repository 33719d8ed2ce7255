import type { Language } from '../../domain/errors.ts';
import type { WebDeps } from '../deps.ts';
import { zoneMoment } from '../time-text.ts';
import type { PageView } from '../wire-pages.ts';

interface TroubleParts {
  readonly language: Language;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string | undefined;
}

/** Whoever is told no is told nothing of the site: no cameras, no sentence, no live events. */
export const troublePage = (deps: WebDeps, { language, title, detail, remedy }: TroubleParts): PageView<'trouble'> => {
  const now = deps.clock.now().wall;
  const moment = zoneMoment(now, deps.zone, language);
  return {
    page: 'trouble',
    frame: {
      language,
      version: deps.version,
      isDemo: false,
      title,
      address: '/',
      section: null,
      sentence: [],
      isLive: false,
      nowMs: now,
      asOf: moment.time,
      today: moment.day,
      may: [],
      canLogIn: false,
      hasManyCameras: false,
    },
    data: { detail, remedy: remedy ?? null },
  };
};
