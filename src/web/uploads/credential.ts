// Who delivers, from what cameras can be told to send: basic login, a bearer key, or both in the path.

export interface UploadCredential {
  readonly user: string;
  readonly key: string;
  /** What is left of the path: the picture's name. */
  readonly name: string;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * `/upload/<name>` with `Authorization: Basic`; `/upload/<camera>/<name>` with `Bearer <key>` or `X-Upload-Key`;
 * `/upload/<camera>/<key>/<name>` for cameras that know only an address.
 */
export const uploadCredential = (
  url: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): UploadCredential | undefined => {
  const [path = '', query = ''] = url.split('?');
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .slice(1)
    .map(decoded);
  const named = decoded(/(?:^|&)(?:file(?:name)?|name)=([^&]+)/i.exec(query)?.[1] ?? '');
  const nameOf = (from: number): string => segments.slice(from).join('/') || named;
  const authorization = typeof headers['authorization'] === 'string' ? headers['authorization'] : '';
  const [, basic] = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
  if (basic !== undefined) {
    const [, user, key] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString('utf8')) ?? [];
    return user === undefined || key === undefined ? undefined : { user, key, name: nameOf(0) };
  }
  const [, bearer] = /^Bearer\s+(\S+)$/i.exec(authorization) ?? [];
  const header = headers['x-upload-key'];
  const key = bearer ?? (typeof header === 'string' ? header : undefined);
  const [user, inPath] = segments;
  if (user === undefined) return undefined;
  if (key !== undefined) return { user, key, name: nameOf(1) };
  return inPath === undefined ? undefined : { user, key: inPath, name: nameOf(2) };
};
