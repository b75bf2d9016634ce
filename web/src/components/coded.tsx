/** Words for people, and below them the code that engineers look for. */
export function Coded({ words, code }: { words: string; code: string }) {
  return (
    <span className="grid">
      <bdi>{words}</bdi>
      {words !== code && (
        <bdi dir="ltr" className="text-xs text-muted-foreground rtl:text-end">
          {code}
        </bdi>
      )}
    </span>
  );
}
