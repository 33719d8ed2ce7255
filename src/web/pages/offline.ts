import type { Language } from '../../domain/errors.ts';
import type { WebDeps } from '../deps.ts';
import { TEXTS } from '../texts.ts';
import type { PageView } from '../wire-pages.ts';
import { strangerFrame } from './frame.ts';

/** What a browser shows that reaches nobody: kept by it beforehand, and so it says nothing of the site. */
export const offlinePage = (deps: WebDeps, language: Language): PageView<'offline'> => ({
  page: 'offline',
  frame: strangerFrame(deps, { language, title: TEXTS[language].offline.title, address: '/offline', isGuest: false }),
  data: null,
});
