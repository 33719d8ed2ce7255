// The host that an address names, whoever wrote it and whatever is spoken there.

/** As a socket takes it: without the brackets of IPv6. */
export const hostOf = (url: string | URL): string => new URL(url).hostname.replace(/^\[|\]$/g, '');
