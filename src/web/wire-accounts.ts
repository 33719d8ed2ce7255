// The JSON shapes of accounts and share links in /api/v1, as types: what the browser code sends and gets.

import type { ShareScope } from '../domain/account.ts';

/** A link's camera is its happening's. */
export type ShareScopeWish =
  | { readonly of: 'episode'; readonly episode: string }
  | { readonly of: 'day'; readonly camera: string; readonly day: string }
  | { readonly of: 'camera'; readonly camera: string };

export interface ShareWish {
  readonly scope: ShareScopeWish;
  readonly days: number;
}

export interface ShareView {
  readonly id: string;
  readonly scope: {
    readonly of: ShareScope['of'];
    readonly camera: string;
    readonly episode?: string | undefined;
    readonly day?: string | undefined;
  };
  readonly createdAt: string;
  readonly expiresAt: string;
  /** How often its page was opened. */
  readonly opened: number;
  readonly by: string;
}

export interface ShareMade extends ShareView {
  /** The link without the site's own name; told this once. */
  readonly path: string;
}
