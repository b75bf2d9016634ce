import { ArrowLeftIcon, PlusIcon } from 'lucide-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import { Button } from './ui/button';

export function PageHead({
  title,
  back,
  badge,
  children,
}: {
  title: string;
  back?: { to: LinkProps['to']; search?: LinkProps['search']; label: string };
  badge?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-4">
      <div className="min-w-0">
        {back && (
          <Link
            to={back.to}
            search={back.search}
            className="mb-2 inline-flex items-center gap-1 text-sm text-muted-foreground hover:text-foreground"
          >
            <ArrowLeftIcon className="size-4 rtl:rotate-180" aria-hidden />
            {back.label}
          </Link>
        )}
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="text-2xl font-bold break-words sm:text-[2rem]">{title}</h1>
          {badge}
        </div>
      </div>
      {children && <div className="flex flex-wrap gap-2">{children}</div>}
    </header>
  );
}

export function AddButton({ children, ...props }: ComponentProps<typeof Button>) {
  return (
    <Button {...props}>
      <PlusIcon aria-hidden />
      {children}
    </Button>
  );
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs font-medium text-muted-foreground">{label}</dt>
      <dd className="mt-0.5 text-sm break-words">{children}</dd>
    </div>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  // As many columns as the card has room for, which may be narrow on a wide screen.
  return (
    <div className="@container">
      <dl className="grid grid-cols-1 gap-4 @xs:grid-cols-2 @xl:grid-cols-3">{children}</dl>
    </div>
  );
}
