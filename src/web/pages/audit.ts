// The audit log: who looked, shared, changed and deleted, newest first, by day.

import { AUDIT_ACTIONS } from '../../domain/account.ts';
import type { NumberedAuditEntry } from '../../ports/accounts.ts';
import type { AuthDeps } from '../auth/deps.ts';
import { cameraName } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { dayTitle, zoneMoment } from '../time-text.ts';
import type { PageView } from '../wire-pages.ts';
import type { AuditRowView } from '../wire-system.ts';
import type { Visit } from './frame.ts';
import { systemFrame } from './system-frame.ts';

const PAGE = 100;

export interface AuditWish {
  readonly before: number | undefined;
  readonly changesOnly: boolean;
}

export const auditPage = async (visit: Visit, { accounts }: AuthDeps, wish: AuditWish): Promise<PageView<'audit'>> => {
  const { deps, language, today } = visit;
  const { before, changesOnly } = wish;
  const entries = await accounts.audit({
    limit: PAGE + 1,
    ...(before === undefined ? {} : { before }),
    ...(changesOnly ? { actions: AUDIT_ACTIONS.filter((action) => action !== 'viewed') } : {}),
  });
  const status = deps.status();
  const rowOf = (entry: NumberedAuditEntry): AuditRowView => {
    const from = zoneMoment(entry.at, deps.zone, language);
    const until = zoneMoment(entry.until, deps.zone, language).minutes;
    return {
      number: entry.number,
      time: from.time,
      iso: from.iso,
      until: until === from.minutes ? null : until,
      action: entry.action,
      who: entry.who,
      address: entry.address,
      object: cameraName(entry.object, status),
      count: entry.count,
    };
  };
  const days: { title: string; rows: AuditRowView[] }[] = [];
  for (const entry of entries.slice(0, PAGE)) {
    const title = dayTitle(zoneMoment(entry.at, deps.zone, language).day, today, language);
    const last = days.at(-1);
    if (last?.title === title) last.rows.push(rowOf(entry));
    else days.push({ title, rows: [rowOf(entry)] });
  }
  const last = entries[PAGE - 1];
  const changes = changesOnly ? '&changes=1' : '';
  return {
    page: 'audit',
    frame: systemFrame(visit, TEXTS[language].system.names.audit, changesOnly ? '/audit?changes=1' : '/audit'),
    data: {
      days,
      changesOnly,
      older: entries.length > PAGE && last ? `/audit?before=${last.number}${changes}` : null,
    },
  };
};
