// What an owner types into a camera so that it delivers here. One answer per open door, for the page and for the command.

import type { InboxCamera, InboxSettings } from './inbox.ts';

export interface DoorSetup {
  readonly door: 'HTTP' | 'HTTPS' | 'FTP' | 'FTPS' | 'SMTP' | 'SMTPS' | 'mailbox';
  /** In the words that cameras' menus use, in their order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** @param key as it is to be shown: the key itself to its owner, a placeholder to everybody else */
export const doorSetups = (inbox: InboxSettings, camera: InboxCamera, key: string): readonly DoorSetup[] => {
  const host = inbox.host ?? '<address of this machine>';
  const { http, ftp, mail, imap } = inbox;
  const login = [
    ['User', camera.id],
    ['Password', key],
  ] as const;
  const url = (scheme: string, port: number): string => `${scheme}://${host}:${port}/upload/${camera.id}/${key}`;
  const security = (plain: string): string => (plain === 'no' ? 'required' : 'if the camera knows it');
  const setups: DoorSetup[] = [];
  if (http?.tlsPort !== undefined) {
    setups.push({ door: 'HTTPS', fields: [['URL', url('https', http.tlsPort)], ['Method', 'PUT or POST'], ...login] });
  }
  if (http?.port !== undefined && http.plain !== 'no') {
    setups.push({ door: 'HTTP', fields: [['URL', url('http', http.port)], ['Method', 'PUT or POST'], ...login] });
  }
  if (ftp) {
    const rest = [...login, ['Folder', '/'], ['Mode', ftp.allowsActive ? 'passive, or active' : 'passive']] as const;
    const explicit = [['Security', `explicit TLS (FTPES), ${security(ftp.plain)}`]] as const;
    setups.push({ door: 'FTP', fields: [['Server', host], ['Port', String(ftp.port)], ...rest, ...explicit] });
    if (ftp.tlsPort !== undefined) {
      const implicit = [['Security', 'implicit TLS (FTPS, “SSL”)']] as const;
      setups.push({ door: 'FTPS', fields: [['Server', host], ['Port', String(ftp.tlsPort)], ...rest, ...implicit] });
    }
  }
  if (mail) {
    const rest = [...login, ['From', `${camera.id}@${host}`], ['To', `photos@${host}`]] as const;
    const explicit = [['Security', `STARTTLS, ${security(mail.plain)}`]] as const;
    setups.push({ door: 'SMTP', fields: [['Server', host], ['Port', String(mail.port)], ...rest, ...explicit] });
    if (mail.tlsPort !== undefined) {
      const implicit = [['Security', 'TLS (“SSL”)']] as const;
      setups.push({ door: 'SMTPS', fields: [['Server', host], ['Port', String(mail.tlsPort)], ...rest, ...implicit] });
    }
  }
  if (imap) {
    const [user = '', domain = imap.host] = imap.credentials.user.split('@');
    const to = `${camera.id}+${key}@${domain}`;
    setups.push({
      door: 'mailbox',
      fields: [
        ['To', to],
        ['Mailbox', `${user}@${domain}, folder ${imap.folder}`],
      ],
    });
  }
  return setups;
};
