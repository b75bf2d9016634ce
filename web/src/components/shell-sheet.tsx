import { useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import type { LateProps } from './late';
import { Logo } from './logo';
import { Navigation } from './navigation';
import { Sheet, SheetContent, SheetTitle, SheetTrigger } from './ui/sheet';

/** The menu of the pages on a narrow screen. */
export function PagesSheet({ children }: LateProps) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [openAt, setOpenAt] = useState<string | null>(path);
  // It closes once a page is chosen.
  if (openAt !== null && openAt !== path) setOpenAt(null);
  return (
    <Sheet open={openAt === path} onOpenChange={(on) => setOpenAt(on ? path : null)}>
      <SheetTrigger asChild>{children}</SheetTrigger>
      <SheetContent>
        <SheetTitle className="flex h-16 items-center border-b px-6">
          <Logo />
        </SheetTitle>
        <Navigation />
      </SheetContent>
    </Sheet>
  );
}
