import { ArrowDownIcon, ArrowUpIcon, Trash2Icon } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { RowButton } from './row-actions';

/** Things in an order: moved by a button or by Alt with an arrow key, and removed. A moved thing keeps the focus. */
export function Movable<T extends { key: string }>({
  items,
  nameOf,
  titleOf,
  onChange,
  children,
}: {
  items: readonly T[];
  /** Its name for those who hear it, which has its place. */
  nameOf: (at: number) => string;
  titleOf: (item: T, at: number) => string;
  onChange: (items: T[]) => void;
  children: (item: T, at: number) => ReactNode;
}) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const held = useRef<HTMLElement | null>(null);
  const [said, setSaid] = useState('');
  const last = items.at(-1)?.key;
  const count = useRef(items.length);
  // What a person has just added is what they write next.
  useEffect(() => {
    const wasAdded = items.length === count.current + 1;
    count.current = items.length;
    const added = wasAdded ? list.current?.querySelector(`:scope > [data-key="${last}"]`) : null;
    // A thing may come into several lists at once: only that of the person's button takes the focus.
    if (!list.current?.parentElement?.contains(document.activeElement)) return;
    added?.querySelector<HTMLElement>('input:not([hidden]), textarea')?.focus();
  }, [items.length, last]);
  // A moved element loses the focus, and a button that is disabled at the end of the list cannot get it back.
  useLayoutEffect(() => {
    const holder = held.current;
    held.current = null;
    holder?.focus();
    if (holder && document.activeElement !== holder)
      holder.closest('li')?.querySelector<HTMLElement>('input:not([hidden]), textarea')?.focus();
  }, [items]);
  const move = (at: number, by: 1 | -1) => {
    const to = at + by;
    const moved = items[at];
    if (!moved || to < 0 || to >= items.length) return;
    held.current = document.activeElement as HTMLElement | null;
    onChange(items.toSpliced(at, 1).toSpliced(to, 0, moved));
    setSaid(t('templates.moved', { name: titleOf(moved, at), place: to + 1 }));
  };
  return (
    <>
      <ol ref={list} tabIndex={-1} className="grid gap-3">
        {items.map((item, at) => {
          const name = nameOf(at);
          return (
            <li key={item.key} data-key={item.key} className="min-w-0">
              <section
                aria-label={name}
                className="grid gap-3 rounded-md border p-3"
                onKeyDown={(event) => {
                  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
                  event.preventDefault();
                  // Lists stand in lists.
                  event.stopPropagation();
                  move(at, event.key === 'ArrowUp' ? -1 : 1);
                }}
              >
                <div className="flex items-center gap-1">
                  <h3 className="min-w-0 grow text-sm font-medium">{titleOf(item, at)}</h3>
                  <RowButton words={t('automations.up')} name={name} disabled={at === 0} onClick={() => move(at, -1)}>
                    <ArrowUpIcon aria-hidden />
                  </RowButton>
                  <RowButton
                    words={t('automations.down')}
                    name={name}
                    disabled={at === items.length - 1}
                    onClick={() => move(at, 1)}
                  >
                    <ArrowDownIcon aria-hidden />
                  </RowButton>
                  <RowButton
                    words={t('automations.remove')}
                    name={name}
                    onClick={() => {
                      held.current = list.current;
                      onChange(items.toSpliced(at, 1));
                    }}
                  >
                    <Trash2Icon className="text-destructive-text" aria-hidden />
                  </RowButton>
                </div>
                {children(item, at)}
              </section>
            </li>
          );
        })}
      </ol>
      <p role="status" className="sr-only">
        {said}
      </p>
    </>
  );
}
