// Who may log in, to which cameras, and every link that is open.

import type { AuthDeps } from '../auth/deps.ts';
import { TEXTS } from '../texts.ts';
import type { PageView } from '../wire-pages.ts';
import type { UserRow } from '../wire-system.ts';
import type { Visit } from './frame.ts';
import { cameraChoices, momentText, shareRow, systemFrame } from './system-frame.ts';

export const usersPage = async (visit: Visit, { accounts, policy }: AuthDeps): Promise<PageView<'users'>> => {
  const found = await accounts.users();
  const names = new Map(found.map((user) => [user.id, user.name]));
  const users = found.map(
    (user): UserRow => ({
      id: user.id,
      name: user.name,
      role: user.role,
      cameras: user.cameras === 'all' ? null : user.cameras,
      hasSecondFactor: user.totp !== undefined,
      lastLogin: user.lastLoginAt === undefined ? null : momentText(user.lastLoginAt, visit),
      isSelf: user.id === visit.request.principal.account,
    }),
  );
  const shares = (await accounts.shares()).map((one) => shareRow(one, names, visit));
  return {
    page: 'users',
    frame: systemFrame(visit, TEXTS[visit.language].system.names.users, '/users'),
    data: { passwordLength: policy.passwordLength, users, shares, cameras: cameraChoices(visit) },
  };
};
