// What the System screens have in common: their frame, and moments as lists show them.

import type { Share } from '../../domain/account.ts';
import type { EpochMs } from '../../domain/units.ts';
import { cameraName } from '../still-view.ts';
import { dayShort, dayTitle, zoneMoment } from '../time-text.ts';
import type { FrameView } from '../wire-pages.ts';
import type { CameraChoice, ShareRow } from '../wire-system.ts';
import { frameOf, type Visit } from './frame.ts';

export const systemFrame = (visit: Visit, title: string, address: string): FrameView =>
  frameOf(visit, { title, address, section: 'system' });

/** `14:32` today, `23 Nov 14:32` on any other day. */
export const momentText = (at: EpochMs, { deps, language, today }: Visit): string => {
  const { day, minutes } = zoneMoment(at, deps.zone, language);
  return day === today ? minutes : `${dayShort(day, language)} ${minutes}`;
};

export const cameraChoices = ({ deps }: Visit): readonly CameraChoice[] =>
  deps.status().cameras.map(({ id, name }) => ({ id, name }));

/** Names instead of ids; null: every camera. */
export const cameraNames = (cameras: 'all' | readonly string[], { deps }: Visit): readonly string[] | null =>
  cameras === 'all' ? null : cameras.map((id) => cameraName(id, deps.status()));

/** @param names of the accounts that made them, by id */
export const shareRow = (share: Share, names: ReadonlyMap<string, string>, visit: Visit): ShareRow => {
  const { deps, language, today } = visit;
  const { scope } = share;
  const name = cameraName(scope.camera, deps.status());
  const start = scope.of === 'episode' ? (Number.parseInt(scope.episode, 36) as EpochMs) : undefined;
  const what =
    scope.of === 'day'
      ? dayTitle(scope.day, today, language)
      : start === undefined
        ? undefined
        : momentText(start, visit);
  return {
    id: share.id,
    of: scope.of,
    title: what === undefined ? name : `${name} · ${what}`,
    expires: momentText(share.expiresAt, visit),
    opened: share.opened,
    by: names.get(share.user) ?? '',
  };
};
