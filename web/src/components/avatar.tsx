import { UserIcon } from 'lucide-react';

export function initials(name: string) {
  const words = name.split(/[\s@.]+/).filter(Boolean);
  return (words[0]?.[0] ?? '?').toUpperCase() + (words[1]?.[0] ?? '').toUpperCase();
}

/** The first letters of a person whose name stands beside them. */
export function Avatar({ name }: { name?: string | null }) {
  return (
    <span
      aria-hidden
      className="grid size-10 shrink-0 place-items-center rounded-full bg-accent text-sm font-semibold text-accent-foreground"
    >
      {name ? initials(name) : <UserIcon className="size-5" />}
    </span>
  );
}
