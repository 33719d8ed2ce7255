import type { Language } from '../../domain/errors.ts';
import type { WebDeps } from '../deps.ts';
import type { PageView } from '../wire-pages.ts';
import { strangerFrame } from './frame.ts';

interface TroubleParts {
  readonly language: Language;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string | undefined;
  /** Came by a share link: is not led to pages that are closed to them. */
  readonly isGuest?: boolean;
}

/** Whoever is told no is told nothing of the site. */
export const troublePage = (deps: WebDeps, parts: TroubleParts): PageView<'trouble'> => {
  const { language, title, detail, remedy, isGuest = false } = parts;
  return {
    page: 'trouble',
    frame: strangerFrame(deps, { language, title, address: '/', isGuest }),
    data: { detail, remedy: remedy ?? null },
  };
};
