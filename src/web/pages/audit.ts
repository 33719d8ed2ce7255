// The audit log: who looked, shared, changed and deleted, newest first, by day.

import { AUDIT_ACTIONS } from '../../domain/account.ts';
import { isStillId } from '../../domain/ids.ts';
import type { NumberedAuditEntry } from '../../ports/accounts.ts';
import type { AuthDeps } from '../auth/deps.ts';
import { cameraName } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { dayTitle, zoneMoment } from '../time-text.ts';
import type { PageView } from '../wire-pages.ts';
import type { AuditRowView } from '../wire-system.ts';
import type { Visit } from './frame.ts';
import { momentText, systemFrame } from './system-frame.ts';

const PAGE = 100;
/** Enough to tell it from the others of a day. */
const SHORT_ID = 8;

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
  const { operations } = TEXTS[language].system.audit;
  /** A photo by where and when it was taken; one that is gone by the beginning of its id. */
  const nameOf = async (id: string): Promise<string> => {
    if (!isStillId(id)) return cameraName(id, status);
    const still = await deps.catalog.find(id);
    return still ? `${cameraName(still.camera, status)} ${momentText(still.takenAt, visit)}` : id.slice(0, SHORT_ID);
  };
  /** What the API writes down is the operation and what it was done to; what accounts write has names already. */
  const doneTo = async ({
    action,
    object,
  }: NumberedAuditEntry): Promise<Pick<AuditRowView, 'operation' | 'object'>> => {
    const [first = '', ...rest] = object.split(' ');
    const isOperation = action !== 'viewed' && Object.hasOwn(operations, first);
    const what = isOperation ? rest : [object];
    return {
      operation: isOperation ? first : null,
      object: (await Promise.all(what.map(nameOf))).join(' '),
    };
  };
  const rowOf = async (entry: NumberedAuditEntry): Promise<AuditRowView> => {
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
      ...(await doneTo(entry)),
      count: entry.count,
    };
  };
  const days: { title: string; rows: AuditRowView[] }[] = [];
  for (const entry of entries.slice(0, PAGE)) {
    const title = dayTitle(zoneMoment(entry.at, deps.zone, language).day, today, language);
    const last = days.at(-1);
    const row = await rowOf(entry);
    if (last?.title === title) last.rows.push(row);
    else days.push({ title, rows: [row] });
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
