export type Plain = string | number | boolean | null | undefined;

/** A spreadsheet runs a text that begins like a formula. A phone number is none. */
const FORMULA = /^[=@\t\r]|^[+-](?![\d\s().-]*$)/;

function cell(value: Plain) {
  let text = value == null ? '' : String(value);
  if (typeof value === 'string' && FORMULA.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvOf(rows: Plain[][]) {
  return rows.map((row) => row.map(cell).join(',')).join('\r\n');
}

/** The mark at the beginning tells spreadsheets that the file is UTF-8. */
export function saveCsv(name: string, rows: Plain[][]) {
  saveFile(`${name}.csv`, `\uFEFF${csvOf(rows)}\r\n`, 'text/csv;charset=utf-8');
}

export function saveFile(name: string, content: BlobPart, type: string) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the file after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The rows of a CSV text, for a look before it is sent. Quoted cells may hold lines. */
export function rowsOf(text: string, most: number) {
  const first = text.slice(0, text.indexOf('\n') + 1 || undefined);
  const separator = [';', '\t', ','].reduce((best, one) =>
    first.split(one).length > first.split(best).length ? one : best,
  );
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let quoted = false;
  for (let at = 0; at < text.length && rows.length < most; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') value += sign;
      else if (text[at + 1] === '"') {
        value += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === separator) {
      row.push(value);
      value = '';
    } else if (sign === '\n') {
      rows.push([...row, value]);
      row = [];
      value = '';
    } else if (sign !== '\r') value += sign;
  }
  if ((value || row.length) && rows.length < most) rows.push([...row, value]);
  return rows.filter((cells) => cells.some(Boolean));
}
