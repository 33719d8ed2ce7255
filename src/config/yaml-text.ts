// YAML as text that people wrote: what it says, where each thing stands, and edits that leave comments and order alone.

import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Scalar,
  stringify,
} from 'yaml';
import type { ConfigEdit, ConfigPath, ConfigValue } from '../ports/config-document.ts';

export interface FilePlace {
  readonly line: number;
  readonly column: number;
}

interface SyntaxProblem {
  readonly at: FilePlace;
  readonly en: string;
  readonly da: string;
}

export interface YamlText {
  /** What it says, as plain data; with problems, what could be made out before and around them. */
  readonly value: unknown;
  readonly problems: readonly SyntaxProblem[];
  key(path: ConfigPath): FilePlace | undefined;
  valueAt(path: ConfigPath): FilePlace | undefined;
}

/** An owner's file is some kilobytes; more is not theirs. */
const MOST_BYTES = 1_000_000;
/** Anchors may be used; a handful of characters may not become gigabytes of data. */
const MOST_ALIASES = 100;
/** Deeper nesting has no meaning here, and a parser that recurses has an end. */
const DEEPEST = 40;

const SYNTAX: Readonly<Record<string, readonly [en: string, da: string]>> = {
  BAD_INDENT: ['the indentation does not fit the lines around it', 'indrykningen passer ikke til linjerne omkring'],
  TAB_AS_INDENT: ['a tab is used for indentation; use spaces', 'der er brugt tabulator til indrykning; brug mellemrum'],
  DUPLICATE_KEY: ['this key is there twice', 'denne nøgle står der to gange'],
  MISSING_CHAR: ['a quote, bracket or colon is missing', 'der mangler et anførselstegn, en parentes eller et kolon'],
  MULTIPLE_DOCS: ['there may be only one document in the file (---)', 'der må kun være ét dokument i filen (---)'],
  BLOCK_AS_IMPLICIT_KEY: [
    'there is a second colon in the line; quote the value',
    'der er endnu et kolon på linjen; sæt værdien i anførselstegn',
  ],
  BAD_ALIAS: ['an alias (*) refers to nothing', 'et alias (*) henviser til ingenting'],
};
const OTHER = ['it is not valid YAML', 'det er ikke gyldig YAML'] as const;

const parse = (text: string, lines?: LineCounter): Document.Parsed =>
  parseDocument(text, {
    version: '1.2',
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: 'error',
    ...(lines ? { lineCounter: lines } : {}),
  });

const deepest = (text: string): number => {
  // Flow nesting is counted by its brackets, block nesting by indentation; both overestimate, which is fine.
  let flow = 0;
  let most = 0;
  for (const line of text.split('\n')) {
    const indent = /^[ \-?:]*/.exec(line)?.[0].replace(/ {2}/g, ' ').length ?? 0;
    let here = 0;
    for (const letter of line) {
      if (letter === '[' || letter === '{') here += 1;
      else if (letter === ']' || letter === '}') here -= 1;
      most = Math.max(most, flow + here + indent);
    }
    flow = Math.max(0, flow + here);
    most = Math.max(most, indent);
  }
  return most;
};

const keyText = (key: unknown): string => String(isScalar(key) ? key.value : key);

/** The node at `path`, with the node of its key. */
const nodeAt = (
  document: Document,
  path: ConfigPath,
): { readonly key?: unknown; readonly value?: unknown } | undefined => {
  let key: unknown;
  let value: unknown = document.contents;
  for (const step of path) {
    if (isAlias(value)) value = value.resolve(document);
    if (isMap(value)) {
      const pair = value.items.find((item) => keyText(item.key) === String(step));
      if (!pair) return undefined;
      ({ key, value } = pair);
    } else if (isSeq(value) && typeof step === 'number') {
      if (step >= value.items.length) return undefined;
      value = value.items[step];
      key = value;
    } else return undefined;
  }
  return { key, value };
};

const tooMuch = (en: string, da: string): YamlText => ({
  value: {},
  problems: [{ at: { line: 1, column: 1 }, en, da }],
  key: () => undefined,
  valueAt: () => undefined,
});

/** Reads `text`. Never throws: whatever is wrong is among the problems. */
export const readYaml = (text: string): YamlText => {
  if (text.length > MOST_BYTES) return tooMuch('it is longer than a megabyte', 'den er længere end en megabyte');
  if (deepest(text) > DEEPEST * 4) return tooMuch('it is nested too deeply', 'den er for dybt indlejret');
  const lines = new LineCounter();
  const document = parse(text, lines);
  const placeAt = (offset: number): FilePlace => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: SyntaxProblem[] = [...document.errors, ...document.warnings].map((error) => {
    const [en, da] = SYNTAX[error.code] ?? OTHER;
    return { at: placeAt(error.pos[0]), en, da };
  });
  let value: unknown = {};
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES }) ?? {};
  } catch {
    problems.push({ at: { line: 1, column: 1 }, en: 'too many aliases (*)', da: 'for mange aliaser (*)' });
  }
  const placeOf = (node: unknown): FilePlace | undefined =>
    isNode(node) && node.range ? placeAt(node.range[0]) : undefined;
  return {
    value,
    problems,
    key: (path) => placeOf(nodeAt(document, path)?.key),
    valueAt(path) {
      const found = nodeAt(document, path);
      const at = found && (placeOf(found.value) ?? placeOf(found.key));
      if (at) return at;
      for (let length = path.length - 1; length > 0; length--) {
        const around = nodeAt(document, path.slice(0, length));
        if (around) return placeOf(around.key);
      }
      return { line: 1, column: 1 };
    },
  };
};

const sameData = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const indentOf = (text: string): number => {
  const [, spaces = '  '] = /^[^\s#][^\n]*:[^\S\n]*(?:#[^\n]*)?\n(?:\s*(?:#[^\n]*)?\n)*( {1,8})\S/m.exec(text) ?? [];
  return Math.max(1, Math.min(8, spaces.length));
};

const withoutSpace = (line: string): string => line.replace(/\s+/g, '');

/** Lines of `next` that differ from those of `text` by white space only, as they were: the owner's columns stay. */
const withOldLines = (text: string, next: string): string => {
  const before = text.split('\n');
  const places = new Map<string, number[]>();
  for (const [index, line] of before.entries()) {
    const key = withoutSpace(line);
    places.set(key, [...(places.get(key) ?? []), index]);
  }
  let from = 0;
  const lines = next.split('\n').map((line) => {
    const at = places.get(withoutSpace(line))?.find((index) => index >= from);
    if (at === undefined) return line;
    from = at + 1;
    return before[at] ?? line;
  });
  return lines.join('\n');
};

const printed = (document: Document, text: string): string => {
  const next = document.toString({
    lineWidth: 0,
    indent: Math.max(2, indentOf(text)),
    flowCollectionPadding: !/\[[^\s[\]]/.test(text),
  });
  const kept = withOldLines(text, next);
  // White space inside a text of several lines means something.
  const after = parse(kept);
  return after.errors.length === 0 && sameData(after.toJS(), parse(next).toJS()) ? kept : next;
};

/** A plain value in the place of another: only those characters change. undefined: it is not that simple. */
const spliced = (text: string, document: Document, edit: ConfigEdit): string | undefined => {
  const { value } = edit;
  const node = nodeAt(document, edit.path)?.value;
  if (value === undefined || typeof value === 'object' || !isScalar(node) || !node.range || node.anchor)
    return undefined;
  if (node.type !== Scalar.PLAIN && node.type !== Scalar.QUOTE_DOUBLE && node.type !== Scalar.QUOTE_SINGLE)
    return undefined;
  const [start, end] = node.range;
  if (start === end) return undefined;
  const written = stringify(value, { lineWidth: 0, defaultStringType: node.type }).trimEnd();
  if (written.includes('\n')) return undefined;
  const next = `${text.slice(0, start)}${written}${text.slice(end)}`;
  const after = parse(next);
  if (after.errors.length > 0) return undefined;
  document.setIn(edit.path, value);
  return sameData(after.toJS(), document.toJS()) ? next : undefined;
};

/** Maps on the way to `path` that are not there yet, or empty. */
const makeWay = (document: Document, path: ConfigPath): void => {
  for (let length = 0; length < path.length; length++) {
    const here = path.slice(0, length);
    const node = length === 0 ? document.contents : nodeAt(document, here)?.value;
    if (isAlias(node)) throw new RangeError(`${here.join('.')} is an alias`);
    if (isMap(node) || isSeq(node)) {
      if (node.items.length === 0) node.flow = false;
      continue;
    }
    if (node !== undefined && !(node === null || (isScalar(node) && node.value === null)))
      throw new RangeError(`${here.join('.')} is no map`);
    const made = document.createNode({}) as Node;
    if (isScalar(node)) Object.assign(made, { commentBefore: node.commentBefore, comment: node.comment });
    if (length === 0) document.contents = made as typeof document.contents;
    else document.setIn(here, made);
  }
};

const edited = (text: string, edit: ConfigEdit): string => {
  const simple = spliced(text, parse(text), edit);
  if (simple !== undefined) return simple;
  const document = parse(text);
  if (edit.value === undefined) {
    if (nodeAt(document, edit.path) === undefined) return text;
    document.deleteIn(edit.path);
    return printed(document, text);
  }
  makeWay(document, edit.path);
  document.setIn(edit.path, document.createNode(edit.value));
  return printed(document, text);
};

/**
 * `text` with all edits carried out, one after the other. The text must be valid YAML.
 * @throws RangeError when a path leads through something that is no map
 */
export const editYaml = (text: string, edits: readonly ConfigEdit[]): string => {
  let next = text;
  for (const edit of edits) next = edited(next, edit);
  return next;
};

/** A new document. `comment` goes on top, without its `#`. */
export const newYaml = (value: ConfigValue, comment: string): string => {
  const document = new Document(value);
  document.commentBefore = comment
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n');
  return document.toString({ lineWidth: 0 });
};
