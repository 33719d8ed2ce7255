// HTTP addresses as owners write them.

/** An HTTP(S) URL without user or password in it. */
export const isPlainHttpUrl = (value: string): boolean => {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return false;
  const { hostname, username, password } = new URL(value);
  return hostname !== '' && username === '' && password === '';
};
