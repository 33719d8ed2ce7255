import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraId } from './ids.ts';
import {
  allows,
  NOBODY,
  PERMISSIONS,
  type Permission,
  type Principal,
  ROLE_PERMISSIONS,
  ROLES,
  SITE_PERMISSIONS,
  VISITOR,
} from './permission.ts';

const garden = cameraId('garden');
const shed = cameraId('shed');

const user = (role: (typeof ROLES)[number], cameras: Principal['cameras']): Principal => ({
  kind: 'user',
  id: 'u1',
  name: 'Anna',
  permissions: ROLE_PERMISSIONS[role],
  cameras,
});

/** Which permissions are allowed: for the garden, for the shed, and of the whole site. */
const TABLE: readonly (readonly [string, Principal, string, string, string])[] = [
  ['nobody', NOBODY, '', '', ''],
  ['visitor', VISITOR, 'view', 'view', 'view'],
  [
    'owner',
    user('owner', 'all'),
    'self view take favourite correct share export delete configure administer',
    'self view take favourite correct share export delete configure administer',
    'self view take favourite correct share export delete configure administer',
  ],
  [
    'member',
    user('member', 'all'),
    'self view take favourite correct share export',
    'self view take favourite correct share export',
    'self view take favourite correct share export',
  ],
  [
    'member of the garden',
    user('member', [garden]),
    'self view take favourite correct share export',
    'self',
    'self view',
  ],
  ['viewer', user('viewer', 'all'), 'self view', 'self view', 'self view'],
  ['viewer of the garden', user('viewer', [garden]), 'self view', 'self', 'self view'],
  ['viewer of nothing', user('viewer', []), 'self', 'self', 'self view'],
  [
    'an owner’s token for the garden',
    { ...user('owner', [garden]), kind: 'token', permissions: ['view', 'delete', 'administer'] },
    'view delete',
    '',
    'view',
  ],
  [
    'a camera that may only add photos',
    { ...user('viewer', [garden]), kind: 'token', permissions: ['upload'] },
    'upload',
    '',
    '',
  ],
];

describe('allows', () => {
  it.each(TABLE)('%s', (_, principal, ofGarden, ofShed, ofSite) => {
    const allowed = (camera?: typeof garden): string =>
      PERMISSIONS.filter((permission) => allows(principal, permission, camera)).join(' ');
    expect([allowed(garden), allowed(shed), allowed()]).toEqual([ofGarden, ofShed, ofSite]);
  });

  it('gives nobody what is not in its list, and to a camera never more than to all of them', () => {
    const permission = fc.constantFrom<Permission>(...PERMISSIONS);
    fc.assert(
      fc.property(fc.uniqueArray(permission), permission, fc.boolean(), (permissions, asked, hasCamera) => {
        const limited: Principal = { ...user('owner', [garden]), permissions };
        const free: Principal = { ...limited, cameras: 'all' };
        const camera = hasCamera ? garden : undefined;
        if (!permissions.includes(asked)) expect(allows(free, asked, camera)).toBe(false);
        if (allows(limited, asked, camera)) expect(allows(free, asked, camera)).toBe(true);
        if (allows(limited, asked, shed)) expect(asked).toBe('self');
        if (SITE_PERMISSIONS.has(asked) && asked !== 'self') expect(allows(limited, asked, camera)).toBe(false);
      }),
    );
  });

  it('raises nobody’s rights by role: each role has what the one below has', () => {
    expect(ROLE_PERMISSIONS.member).toEqual(expect.arrayContaining([...ROLE_PERMISSIONS.viewer]));
    expect(ROLE_PERMISSIONS.owner).toEqual(expect.arrayContaining([...ROLE_PERMISSIONS.member]));
    expect(ROLES).toEqual(['owner', 'member', 'viewer']);
  });
});
