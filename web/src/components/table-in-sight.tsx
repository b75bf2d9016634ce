import { useVirtualizer } from '@tanstack/react-virtual';
import { CardLine, Line, type LinesProps } from './table-lines';

const ROW_PX = 53;
const CARD_PX = 150;
const OVERSCAN = 8;

/** Of many rows, those that are in sight, between two empty ones. */
export function LinesInSight<T>({ entries, isNarrow, chosen, box, ...line }: LinesProps<T> & { box: HTMLDivElement }) {
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box,
    estimateSize: () => (isNarrow ? CARD_PX : ROW_PX),
    overscan: OVERSCAN,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  // Before the first rows are drawn, this alone gives the box its height.
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const Space = isNarrow ? 'li' : 'tr';
  const One = isNarrow ? CardLine : Line;
  return (
    <>
      {above > 0 && <Space aria-hidden style={{ height: above }} />}
      {items.map(({ index }) => {
        const entry = entries[index];
        if (!entry) return null;
        return (
          <One
            key={entry.id}
            entry={entry}
            index={index}
            isChosen={chosen?.has(entry.id)}
            measure={virtual.measureElement}
            {...line}
          />
        );
      })}
      {below > 0 && <Space aria-hidden style={{ height: below }} />}
    </>
  );
}
