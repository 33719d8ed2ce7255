// Who may do what, to which camera: the one place that decides it. What is asked of a camera is asked with that camera.

import type { CameraId } from './ids.ts';

export const ROLES = ['owner', 'member', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/**
 * `self`: one's own account, password and sessions. `view`: photos and what a camera does. `take`: a photo now, and what the
 * camera itself does. `correct`: say what a photo shows. `configure`: cameras and settings. `administer`: accounts, tokens
 * of others, the audit log, updates and backups.
 */
export const PERMISSIONS = [
  'self',
  'view',
  'take',
  'favourite',
  'correct',
  'share',
  'export',
  'upload',
  'delete',
  'configure',
  'administer',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Those that are not asked of one camera: nobody has them for some cameras only. */
export const SITE_PERMISSIONS: ReadonlySet<Permission> = new Set(['self', 'administer']);

/** `all` includes cameras that are added later. */
export type CameraScope = 'all' | readonly CameraId[];

export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS.filter((permission) => permission !== 'upload'),
  member: ['self', 'view', 'take', 'favourite', 'correct', 'share', 'export'],
  viewer: ['self', 'view'],
};

/**
 * Who asks. `nobody`: unknown. `visitor`: may look without a login, because the owner lets this network or everyone.
 * A share link is no principal: it opens its own pages and nothing else.
 */
export interface Principal {
  readonly kind: 'nobody' | 'visitor' | 'user' | 'token';
  /** Of the user, or the token; the same as `kind` for those who have no account. */
  readonly id: string;
  /** For people: in the audit log. */
  readonly name: string;
  /** The account it acts for; undefined: none. */
  readonly account?: string;
  readonly permissions: readonly Permission[];
  readonly cameras: CameraScope;
}

export const NOBODY: Principal = { kind: 'nobody', id: 'nobody', name: 'nobody', permissions: [], cameras: [] };
export const VISITOR: Principal = {
  kind: 'visitor',
  id: 'visitor',
  name: 'visitor',
  permissions: ['view'],
  cameras: 'all',
};

export const sees = (cameras: CameraScope, camera: CameraId): boolean => cameras === 'all' || cameras.includes(camera);

/**
 * May it, to this camera? Without a camera the question is of the whole site: then looking is allowed to whoever may look at
 * anything (what is shown is narrowed to its cameras), and everything else only to whoever has all cameras.
 */
export const allows = (principal: Principal, permission: Permission, camera?: CameraId): boolean => {
  if (!principal.permissions.includes(permission)) return false;
  if (permission === 'self') return true;
  if (SITE_PERMISSIONS.has(permission)) return principal.cameras === 'all';
  if (camera !== undefined) return sees(principal.cameras, camera);
  return permission === 'view' || principal.cameras === 'all';
};
