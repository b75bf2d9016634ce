import type { ReactNode } from 'react';

/** WhatsApp's marks, which stand at the edges of words: *bold*, _italic_, ~struck~, ```typewriter```. */
const MARKS =
  /```([\s\S]+?)```|(?<![\p{L}\p{N}])(?:\*(\S|\S[^*\n]*\S)\*|_(\S|\S[^_\n]*\S)_|~(\S|\S[^~\n]*\S)~)(?![\p{L}\p{N}])/gu;

/** A text as WhatsApp shows it. */
export function MarkedText({ text }: { text: string }): ReactNode {
  const shown: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    const [whole, code, bold, italic, struck] = match;
    shown.push(text.slice(end, match.index));
    end = match.index + whole.length;
    const key = match.index;
    if (code) shown.push(<code key={key}>{code}</code>);
    else if (bold)
      shown.push(
        <strong key={key}>
          <MarkedText text={bold} />
        </strong>,
      );
    else if (italic)
      shown.push(
        <em key={key}>
          <MarkedText text={italic} />
        </em>,
      );
    else if (struck)
      shown.push(
        <s key={key}>
          <MarkedText text={struck} />
        </s>,
      );
  }
  return <>{[...shown, text.slice(end)]}</>;
}
