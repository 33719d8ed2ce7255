declare module '*.svg?raw' {
  const text: string;
  // oxlint-disable-next-line import/no-default-export -- this is how the bundler gives a file's text.
  export default text;
}
