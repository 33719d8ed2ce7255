// One line of an FTP control connection (RFC 959, 5.3), and the addresses in PORT and EPRT (RFC 2428, 2).

export interface FtpCommand {
  readonly verb: string;
  readonly argument: string;
}

/** Bytes of a line: paths of cameras are short, and a longer one is no command. */
export const LONGEST_LINE = 4096;

/** Text of a line: UTF-8 where it is that (RFC 2640), else Latin-1, which every byte is. */
const lineText = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
};

/** Telnet commands that clients put before ABOR (RFC 959, 4.1.3) are left out. */
export const parseCommand = (line: Uint8Array): FtpCommand => {
  const plain = line.filter((byte) => byte !== 0xff && byte !== 0xf4 && byte !== 0xf2 && byte !== 0);
  const text = lineText(plain).replace(/[\r\n]+$/, '');
  const [, verb = '', argument = ''] = /^\s*([A-Za-z]{3,4})(?: (.*))?$/s.exec(text) ?? [];
  return { verb: verb.toUpperCase(), argument };
};

/** The port in a PORT argument; the address in it is not believed: data goes to the control connection's peer only. */
export const portOf = (argument: string): number | undefined => {
  const parts = argument.split(',').map(Number);
  const [high = -1, low = -1] = parts.slice(4);
  const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;
  if (parts.length !== 6 || !parts.every(isByte)) return undefined;
  const port = high * 256 + low;
  return port >= 1024 ? port : undefined;
};

export const extendedPortOf = (argument: string): number | undefined => {
  const port = Number(/^(.)[12]\1[0-9a-f.:]+\1(\d{4,5})\1$/i.exec(argument)?.[2]);
  return port >= 1024 && port <= 65_535 ? port : undefined;
};

/** A working directory as the client sees it. Nothing on any disk has these names: it is only said back. */
export const walk = (from: string, to: string): string => {
  const parts = to.startsWith('/') || to.startsWith('\\') ? [] : from.split('/');
  for (const part of to.split(/[/\\]/)) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.filter((part) => part !== '').join('/')}`.slice(0, 1024);
};
