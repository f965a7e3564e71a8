/** The number of single-letter changes that turn one text into the other (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}

/** The known ids that a mistyped one may have meant, the nearest first. */
export function nearestIds(asked: string, known: readonly string[], most = 3): string[] {
  const wanted = asked.toLowerCase();
  const distance = (id: string): number =>
    id.includes(wanted) && wanted.length > 2 ? 0 : editDistance(wanted, id);
  return [...known].sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1)).slice(0, most);
}
