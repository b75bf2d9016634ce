export interface Line {
  kind: 'same' | 'less' | 'more';
  text: string;
}

/** The lines of two texts, side by side: what both have, what only the first has, what only the second has. */
export function differences(before: string, after: string): Line[] {
  const a = before.split('\n');
  const b = after.split('\n');
  // The longest common lines of each pair of ends.
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i]! });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push({ kind: 'less', text: a[i]! });
      i += 1;
    } else {
      lines.push({ kind: 'more', text: b[j]! });
      j += 1;
    }
  }
  return lines;
}
