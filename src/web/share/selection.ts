// What a share link opens: the photos of its selection, and no others. Its pages ask this, and never the catalogue.

import type { Share, ShareScope } from '../../domain/account.ts';
import { isAlive } from '../../domain/account.ts';
import type { StillId } from '../../domain/ids.ts';
import { allows, ROLE_PERMISSIONS } from '../../domain/permission.ts';
import type { StoredStill } from '../../domain/still.ts';
import type { StillCursor } from '../../ports/catalog.ts';
import type { AuthDeps } from '../auth/deps.ts';
import { secretHash } from '../auth/secrets.ts';
import type { WebDeps } from '../deps.ts';
import { stillMoment } from '../time-text.ts';

export interface Selection {
  readonly share: Share;
  /** Newest first. */
  covers(from: {
    readonly before?: StillCursor;
    readonly after?: StillCursor;
    readonly limit: number;
  }): Promise<readonly StoredStill[]>;
  find(id: StillId): Promise<StoredStill | undefined>;
  /** What was taken of the same happening. */
  set(still: StoredStill): Promise<readonly StoredStill[]>;
}

/** Photos of one happening: three, and more only when it was continued after a restart. */
const MOST_OF_A_SET = 50;

const isWithin = (scope: ShareScope, still: StoredStill): boolean => {
  if (still.camera !== scope.camera) return false;
  if (scope.of === 'episode') return still.episode === scope.episode;
  return scope.of === 'camera' || stillMoment(still, 'en').day === scope.day;
};

const selectionOf = (share: Share, catalog: WebDeps['catalog']): Selection => {
  const { scope } = share;
  const list = async (query: Parameters<WebDeps['catalog']['list']>[0]): Promise<readonly StoredStill[]> =>
    (await catalog.list({ ...query, camera: scope.camera })).filter((still) => isWithin(scope, still));
  return {
    share,
    covers: (from) =>
      scope.of === 'episode'
        ? list({ episode: scope.episode, coversOnly: true, ...from })
        : list({ coversOnly: true, ...(scope.of === 'day' ? { day: scope.day } : {}), ...from }),
    async find(id) {
      const still = await catalog.find(id);
      return still && isWithin(scope, still) ? still : undefined;
    },
    set: (still) =>
      still.episode === undefined ? Promise.resolve([still]) : list({ episode: still.episode, limit: MOST_OF_A_SET }),
  };
};

const TOKEN = /^[\w-]{43}$/;

/** undefined: there is no such link, it is over, or whoever made it may not show this any more. */
export const openSelection = async (
  deps: Pick<WebDeps, 'catalog' | 'clock'>,
  { accounts }: AuthDeps,
  token: string,
): Promise<Selection | undefined> => {
  const share = TOKEN.test(token) ? await accounts.share(secretHash(token)) : undefined;
  if (!share || !isAlive(share, deps.clock.now().wall)) return undefined;
  const user = await accounts.user(share.user);
  if (!user) return undefined;
  const sharer = { ...user, kind: 'user' as const, permissions: ROLE_PERMISSIONS[user.role] };
  return allows(sharer, 'share', share.scope.camera) ? selectionOf(share, deps.catalog) : undefined;
};
