// One's own account: where it is logged in, its tokens and links, its password and second factor.

import type { Session } from '../../domain/account.ts';
import { ROLE_PERMISSIONS } from '../../domain/permission.ts';
import type { AuthDeps } from '../auth/deps.ts';
import { TEXTS } from '../texts.ts';
import type { PageView } from '../wire-pages.ts';
import type { AccountData, SessionRow } from '../wire-system.ts';
import type { Visit } from './frame.ts';
import { cameraChoices, cameraNames, momentText, shareRow, systemFrame } from './system-frame.ts';

/** What people recognise a device by; the rest of what browsers say of themselves is history. */
const BROWSERS = [/Edg(?=\/)/, /Firefox/, /OPR/, /Chrome/, /Safari/, /curl/] as const;
const SYSTEMS = [/iPhone/, /iPad/, /Android/, /Windows/, /Mac OS X/, /Linux/] as const;
const first = (patterns: readonly RegExp[], text: string): string | undefined =>
  patterns.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined);

export const agentText = (agent: string): string => {
  const words = [first(BROWSERS, agent), first(SYSTEMS, agent)].filter((word) => word !== undefined);
  return words.length > 0 ? words.join(', ') : agent.slice(0, 40);
};

const sessionRow = (session: Session, visit: Visit): SessionRow => ({
  id: session.id,
  agent: agentText(session.agent),
  address: session.address,
  since: momentText(session.createdAt, visit),
  seen: momentText(session.seenAt, visit),
  isThis: session.id === visit.request.identity.session?.id,
});

export const accountPage = async (
  visit: Visit,
  { accounts, policy }: AuthDeps,
): Promise<PageView<'account'> | undefined> => {
  const user = await accounts.user(visit.request.principal.account ?? '');
  if (!user) return undefined;
  const names = new Map([[user.id, user.name]]);
  const data: AccountData = {
    passwordLength: policy.passwordLength,
    name: user.name,
    role: user.role,
    hasSecondFactor: user.totp !== undefined,
    recoveryLeft: user.recovery.length,
    sessions: (await accounts.sessionsOf(user.id)).map((one) => sessionRow(one, visit)),
    tokens: (await accounts.tokens(user.id)).map((one) => ({
      id: one.id,
      name: one.name,
      permissions: one.permissions,
      cameras: cameraNames(one.cameras, visit),
      expires: one.expiresAt === undefined ? null : momentText(one.expiresAt, visit),
      used: one.usedAt === undefined ? null : momentText(one.usedAt, visit),
    })),
    shares: (await accounts.shares(user.id)).map((one) => shareRow(one, names, visit)),
    grantable: [
      ...ROLE_PERMISSIONS[user.role].filter((permission) => permission !== 'self'),
      ...(user.role === 'owner' ? (['upload'] as const) : []),
    ],
    cameras: cameraChoices(visit),
  };
  return { page: 'account', frame: systemFrame(visit, TEXTS[visit.language].system.names.account, '/account'), data };
};
