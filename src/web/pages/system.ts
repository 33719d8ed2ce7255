// The System page: what is not about single photos or cameras, each place with its state in one line.

import { TEXTS } from '../texts.ts';
import type { PageView } from '../wire-pages.ts';
import { frameOf, type Visit } from './frame.ts';

export const systemPage = (visit: Visit): PageView<'system'> => ({
  page: 'system',
  frame: frameOf(visit, { title: TEXTS[visit.language].nav.system, address: '/system', section: 'system' }),
  data: { entries: [{ place: 'ledger', href: '/ledger', state: null }] },
});
