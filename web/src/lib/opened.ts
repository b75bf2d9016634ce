import { useState } from 'react';
import { toast } from 'sonner';
import type { Tagged } from '@/api/client';
import { useReason } from '@/components/states';

/** Which thing of a list is open in a dialog. It is read first, since a change needs its newest tag. */
export function useOpened<T extends { id: string }>(read: (id: string) => Promise<Tagged<T>>) {
  const reason = useReason();
  const [opened, setOpened] = useState<{ of?: Tagged<T> } | null>(null);
  const of = opened?.of;
  const onOpenChange = (open: boolean) => {
    if (!open) setOpened(null);
  };
  return {
    isOpen: opened !== null,
    of,
    /** What the dialog of its form needs of it. */
    dialog: { open: opened !== null, onOpenChange, of, read: of && (() => read(of.data.id)) },
    add: () => setOpened({}),
    edit: (id: string) =>
      void read(id).then(
        (of) => setOpened({ of }),
        (error: unknown) => toast.error(reason(error)),
      ),
    close: () => setOpened(null),
    onOpenChange,
  };
}
