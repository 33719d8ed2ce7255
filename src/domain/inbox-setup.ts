// What an owner types into a camera so that it delivers here. One answer per open door, for the page and for the command.

import type { InboxCamera, InboxSettings, PlainRule } from './inbox.ts';
import type { Secret } from './secret.ts';

export const SETUP_DOORS = ['HTTPS', 'HTTP', 'FTP', 'FTPS', 'SMTP', 'SMTPS', 'mailbox'] as const;
export type SetupDoor = (typeof SETUP_DOORS)[number];

/** The words that cameras' menus use. */
export const SETUP_TERMS = [
  'url',
  'method',
  'server',
  'port',
  'user',
  'password',
  'folder',
  'mode',
  'security',
  'from',
  'to',
] as const;
export type SetupTerm = (typeof SETUP_TERMS)[number];

/** Values that are chosen from a menu rather than typed. */
export const SETUP_CHOICES = [
  'putOrPost',
  'passive',
  'passiveOrActive',
  'explicit',
  'explicitIfKnown',
  'implicit',
  'startTls',
  'startTlsIfKnown',
  'tls',
] as const;
export type SetupChoice = (typeof SETUP_CHOICES)[number];

export type SetupField =
  | { readonly term: SetupTerm; readonly value: string; readonly isSecret?: true }
  | { readonly term: SetupTerm; readonly choice: SetupChoice };

export interface DoorSetup {
  readonly door: SetupDoor;
  /** In the order of the menus. */
  readonly fields: readonly SetupField[];
}

/** The camera whose key it delivers with: its own, or that of the account it comes through. */
const accountOf = (inbox: InboxSettings, camera: InboxCamera): InboxCamera | undefined =>
  camera.key ? camera : inbox.cameras.find(({ id, key }) => key && id === camera.recognise?.through);

/** @param show as keys are to be shown: themselves to their owner, a placeholder to everybody else */
export const doorSetups = (
  inbox: InboxSettings,
  camera: InboxCamera,
  show: (key: Secret) => string,
): readonly DoorSetup[] => {
  const host = inbox.host ?? '…';
  const { http, ftp, mail, imap } = inbox;
  const { recognise } = camera;
  const account = accountOf(inbox, camera);
  const key = account?.key ? show(account.key) : '';
  const login: readonly SetupField[] = account
    ? [
        { term: 'user', value: account.id },
        { term: 'password', value: key, isSecret: true },
      ]
    : [];
  const at = (port: number): readonly SetupField[] => [
    { term: 'server', value: host },
    { term: 'port', value: String(port) },
  ];
  const security = (plain: PlainRule, required: SetupChoice, ifKnown: SetupChoice): SetupField => ({
    term: 'security',
    choice: plain === 'no' ? required : ifKnown,
  });
  const setups: DoorSetup[] = [];
  const web = (door: SetupDoor, scheme: string, port: number): void => {
    const path = recognise?.path === undefined ? '' : `/${recognise.path.replace(/^\/+|\/+$/g, '')}`;
    const value = `${scheme}://${host}:${port}/upload/${account?.id ?? ''}/${key}${path}`;
    setups.push({
      door,
      fields: [{ term: 'url', value, isSecret: true }, { term: 'method', choice: 'putOrPost' }, ...login],
    });
  };
  if (account && http?.tlsPort !== undefined) web('HTTPS', 'https', http.tlsPort);
  if (account && http?.port !== undefined && http.plain !== 'no') web('HTTP', 'http', http.port);
  if (account && ftp) {
    const rest: readonly SetupField[] = [
      ...login,
      { term: 'folder', value: recognise?.path === undefined ? '/' : `/${recognise.path.replace(/^\/+/, '')}` },
      { term: 'mode', choice: ftp.allowsActive ? 'passiveOrActive' : 'passive' },
    ];
    setups.push({
      door: 'FTP',
      fields: [...at(ftp.port), ...rest, security(ftp.plain, 'explicit', 'explicitIfKnown')],
    });
    if (ftp.tlsPort !== undefined) {
      setups.push({ door: 'FTPS', fields: [...at(ftp.tlsPort), ...rest, { term: 'security', choice: 'implicit' }] });
    }
  }
  if (account && mail) {
    const rest: readonly SetupField[] = [
      ...login,
      { term: 'from', value: recognise?.mail ?? `${camera.id}@${host}` },
      { term: 'to', value: `photos@${host}` },
    ];
    setups.push({
      door: 'SMTP',
      fields: [...at(mail.port), ...rest, security(mail.plain, 'startTls', 'startTlsIfKnown')],
    });
    if (mail.tlsPort !== undefined) {
      setups.push({ door: 'SMTPS', fields: [...at(mail.tlsPort), ...rest, { term: 'security', choice: 'tls' }] });
    }
  }
  if (imap) {
    const [user = '', domain = imap.host] = imap.credentials.user.split('@');
    const fields: readonly SetupField[] = account
      ? [{ term: 'to', value: `${account.id}+${key}@${domain}`, isSecret: true }]
      : [
          ...(recognise?.mail === undefined ? [] : [{ term: 'from' as const, value: recognise.mail }]),
          { term: 'to', value: `${user}@${domain}` },
        ];
    setups.push({ door: 'mailbox', fields });
  }
  return setups;
};
