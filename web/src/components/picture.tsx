import { ImageIcon, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { cn } from '@/lib/utils';

/** A small picture. A sign stands in its place when there is none, or when its address gives none. */
export function Picture({
  url,
  alt = '',
  icon: Icon = ImageIcon,
  className,
}: {
  url?: string | null;
  alt?: string;
  icon?: LucideIcon;
  className: string;
}) {
  const [broken, setBroken] = useState<string | null>(null);
  const frame = cn('shrink-0 rounded-md', className);
  if (!url || url === broken)
    return (
      <span
        className={cn('grid place-items-center bg-muted text-muted-foreground', frame)}
        {...(alt ? { role: 'img', 'aria-label': alt } : { 'aria-hidden': true })}
      >
        <Icon className="size-2/5" aria-hidden />
      </span>
    );
  return (
    <img src={url} alt={alt} loading="lazy" className={cn('object-cover', frame)} onError={() => setBroken(url)} />
  );
}
