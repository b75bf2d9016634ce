import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef } from 'react';
import { CardLine, Line, type LinesProps } from './table-lines';

const ROW_PX = 46;
const CARD_PX = 150;
/** Few: a jump draws all rows in sight in one frame. */
const OVERSCAN = 3;

/** Of many rows, those that are in sight, between two empty ones. */
export function LinesInSight<T>({ entries, isNarrow, chosen, box, ...line }: LinesProps<T> & { box: HTMLDivElement }) {
  const usual = useRef(isNarrow ? CARD_PX : ROW_PX);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box,
    estimateSize: () => usual.current,
    overscan: OVERSCAN,
  });
  const items = virtual.getVirtualItems();
  const isDrawn = items.length > 0;
  // Each row that is not as high as was guessed moves all rows below it. So the first ones tell the guess for the others.
  useLayoutEffect(() => {
    const drawn = [...box.querySelectorAll<HTMLElement>('[data-index]')];
    const height = drawn.map((one) => one.offsetHeight).toSorted((a, b) => a - b)[drawn.length >> 1];
    if (!height || height === usual.current) return;
    usual.current = height;
    virtual.measure();
    for (const one of drawn) virtual.measureElement(one);
  }, [box, virtual, isDrawn, isNarrow]);
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
