// A menu or sheet whose code comes when a person goes near its button. Most visits of a page open none.

import { Slot } from 'radix-ui';
import { useState, type ComponentType, type KeyboardEvent, type ReactElement } from 'react';
import { toast } from 'sonner';
import { useReason } from './states';

export interface LateProps {
  /** The button that opens it. */
  children: ReactElement;
  /** The person opened it by keyboard, and goes on by keyboard. */
  byKeyboard: boolean;
}

/** The loaded component begins open: it stands in for the button at the first click. */
export function late(opens: 'menu' | 'dialog', load: () => Promise<ComponentType<LateProps>>) {
  return function Late({ children }: { children: ReactElement }) {
    const reason = useReason();
    const [loaded, setLoaded] = useState<{ Content: ComponentType<LateProps>; byKeyboard: boolean } | null>(null);
    if (loaded) return <loaded.Content byKeyboard={loaded.byKeyboard}>{children}</loaded.Content>;
    // The click asks again if this fails.
    const prepare = () => void load().catch(() => undefined);
    const open = (byKeyboard: boolean) =>
      load().then(
        (Content) => setLoaded({ Content, byKeyboard }),
        (error: unknown) => toast.error(reason(error)),
      );
    return (
      <Slot.Root
        aria-haspopup={opens}
        aria-expanded={false}
        onPointerEnter={prepare}
        onFocus={prepare}
        // A click by keyboard has no count.
        onClick={(event: { detail: number }) => void open(event.detail === 0)}
        onKeyDown={(event: KeyboardEvent) => {
          if (opens !== 'menu' || event.key !== 'ArrowDown') return;
          event.preventDefault();
          void open(true);
        }}
      >
        {children}
      </Slot.Root>
    );
  };
}
