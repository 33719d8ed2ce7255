// A credential that refuses to print, and the one place that takes credentials out of text.

const HIDDEN = '•••';
const values = new WeakMap<Secret, string>();

/** Wraps a credential. String conversion, JSON and inspection all give `•••`; only `reveal()` gives the value. */
export class Secret {
  constructor(value: string) {
    values.set(this, value);
    Object.freeze(this);
  }
  reveal(): string {
    return values.get(this) ?? '';
  }
  toString(): string {
    return HIDDEN;
  }
  toJSON(): string {
    return HIDDEN;
  }
  get [Symbol.toStringTag](): string {
    return HIDDEN;
  }
}

export interface Credentials {
  readonly user: string;
  readonly password: Secret;
}

/**
 * Text with every URL's user and password, and every query value named like a credential, replaced by `•••`.
 * Anything that may hold an address goes through here before it can reach an error or a log line.
 */
export const redact = (text: string): string =>
  text
    // A password typed with `/`, `?` or `#` in it is no valid URL, but it is typed; `host:554/…` is not one.
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@?#:]+:(?!\d{1,5}(?:[/?#]|$))[^\s"'<>]*@/gi, `$1${HIDDEN}@`)
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@?#]*(?:@[^/\s@?#]*)*@/gi, `$1${HIDDEN}@`)
    .replace(
      /([?&](?:user(?:name)?|usr|pass(?:word|wd)?|pwd|token|key|secret|auth|loginpas|loginuse)=)[^&\s#"']*/gi,
      `$1${HIDDEN}`,
    );
