// A list as a spreadsheet of one sheet. Every text is a text: a spreadsheet runs none of them as a formula.

import { strToU8, zipSync } from 'fflate';
import type { Plain } from './csv';

/** The most signs that a cell holds, and the most that a sheet's name has. */
const CELL_CHARS = 32_767;
const NAME_CHARS = 31;
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** Signs that XML cannot hold, and halves of signs. */
const NO_XML = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|\p{Surrogate}/gu;

function escaped(text: string) {
  return text
    .replaceAll(NO_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** `style` 1 is a text that stays one when a person edits it, and 2 the same in bold. */
function cell(value: Plain, style: number) {
  if (value == null || value === '') return '<c/>';
  if (typeof value === 'boolean') return `<c t="b"><v>${Number(value)}</v></c>`;
  if (typeof value === 'number' && Number.isFinite(value)) return `<c><v>${value}</v></c>`;
  const text = escaped(String(value).slice(0, CELL_CHARS));
  return `<c t="inlineStr" s="${style}"><is><t xml:space="preserve">${text}</t></is></c>`;
}

function sheetOf(rows: Plain[][], isRightToLeft: boolean) {
  const lines = rows.map((row, index) => `<row>${row.map((value) => cell(value, index ? 1 : 2)).join('')}</row>`);
  // The first row stays in sight.
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"${
    isRightToLeft ? ' rightToLeft="1"' : ''
  }><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultColWidth="20" defaultRowHeight="15"/><sheetData>${lines.join('')}</sheetData></worksheet>`;
}

const format = (font: number, number: number) =>
  `<xf xfId="0" fontId="${font}" fillId="0" borderId="0" numFmtId="${number}" applyFont="1" applyNumberFormat="1"/>`;
/** 49 is the spreadsheet's own format of texts. */
const TEXT = 49;
const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">${format(0, 0)}${format(0, TEXT)}${format(1, TEXT)}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

function related(...parts: [kind: string, target: string][]) {
  const all = parts.map(
    ([kind, target], at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
}

/** The first row holds the heads of the columns. */
export function xlsxOf(name: string, rows: Plain[][], isRightToLeft: boolean) {
  const title =
    escaped(
      name
        .replaceAll(/[[\]/\\:*?']/g, ' ')
        .trim()
        .slice(0, NAME_CHARS),
    ) || 'Kazi';
  const kinds = [
    ['/xl/workbook.xml', 'sheet.main'],
    ['/xl/worksheets/sheet1.xml', 'worksheet'],
    ['/xl/styles.xml', 'styles'],
  ].map(([part, kind]) => `<Override PartName="${part}" ContentType="${TYPE}.${kind}+xml"/>`);
  const files = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${kinds.join('')}</Types>`,
    '_rels/.rels': related(['officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${title}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': related(['worksheet', 'worksheets/sheet1.xml'], ['styles', 'styles.xml']),
    'xl/styles.xml': STYLES,
    'xl/worksheets/sheet1.xml': sheetOf(rows, isRightToLeft),
  };
  const parts = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]));
  // The page stands still meanwhile, so speed counts more than size.
  return zipSync(parts, { level: 1 });
}

export const XLSX_TYPE = `${TYPE}.sheet`;
