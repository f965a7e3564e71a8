/** A value of a property list; dates and data stay text. */
export type PlistValue = string | number | boolean | readonly PlistValue[] | PlistDict;
export type PlistDict = ReadonlyMap<string, PlistValue>;

const TOKEN = /<(\/?)([a-zA-Z]+)[^<>]*?(\/?)>([^<]*)/g;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/**
 * Reads one XML property list, as far as powermetrics writes it: dict, array, integer, real, string, date, booleans.
 * @returns undefined when it is not well formed, or its top is no dictionary
 */
export function readPlist(xml: string): PlistDict | undefined {
  const stack: (PlistValue[] | Map<string, PlistValue>)[] = [];
  const keys: (string | undefined)[] = [];
  let root: PlistDict | undefined;

  const place = (value: PlistValue): boolean => {
    const parent = stack.at(-1);
    if (parent === undefined) {
      if (!(value instanceof Map)) return false;
      root = value as PlistDict;
    } else if (Array.isArray(parent)) parent.push(value);
    else {
      const key = keys.at(-1);
      if (key === undefined) return false;
      parent.set(key, value);
      keys[keys.length - 1] = undefined;
    }
    return true;
  };

  const start = xml.search(/<plist[\s>]/);
  if (start < 0) return undefined;
  TOKEN.lastIndex = start;
  for (let token = TOKEN.exec(xml); token !== null; token = TOKEN.exec(xml)) {
    const [, closing, tag, empty, text = ''] = token;
    if (closing === '/') {
      if (tag === 'dict' || tag === 'array') {
        const done = stack.pop();
        keys.pop();
        if (done === undefined || Array.isArray(done) !== (tag === 'array')) return undefined;
        if (!place(done)) return undefined;
      } else if (tag === 'plist') {
        return stack.length === 0 ? root : undefined;
      }
      continue;
    }
    let value: PlistValue | undefined;
    switch (tag) {
      case 'dict':
      case 'array':
        if (empty === '/') {
          value = tag === 'array' ? [] : new Map();
          break;
        }
        stack.push(tag === 'array' ? [] : new Map());
        keys.push(undefined);
        break;
      case 'key':
        if (keys.length === 0) return undefined;
        keys[keys.length - 1] = unescape(text);
        break;
      case 'integer':
      case 'real':
        value = Number(text);
        break;
      case 'true':
      case 'false':
        value = tag === 'true';
        break;
      case 'string':
      case 'date':
      case 'data':
        value = unescape(text);
        break;
    }
    if (value !== undefined && !place(value)) return undefined;
  }
  return undefined;
}

function unescape(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

/** A number of a dictionary; undefined when it is absent, "not measured", or no finite number. */
export function numberAt(dict: PlistDict | undefined, key: string): number | undefined {
  const value = dict?.get(key);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A dictionary inside a dictionary. */
export function dictAt(dict: PlistDict | undefined, key: string): PlistDict | undefined {
  const value = dict?.get(key);
  return value instanceof Map ? (value as PlistDict) : undefined;
}

/** The dictionaries of a list inside a dictionary. */
export function dictsAt(dict: PlistDict | undefined, key: string): PlistDict[] {
  const value = dict?.get(key);
  return Array.isArray(value) ? value.filter((item): item is PlistDict => item instanceof Map) : [];
}
