// A list as a file: a job writes it, and a link that lives for some minutes gets it.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { DownloadIcon, FileDownIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { StateBadge } from './state-badge';
import { Failed } from './states';
import { Button } from './ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from './ui/dialog';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from './ui/dropdown-menu';
import { Skeleton } from './ui/skeleton';

export type Rows = Schemas['ExportedRows'];

export const FORMATS = ['csv', 'xlsx'] as const;
const LIVE_MS = 1_000;
/** Less than the life of a link. */
const NEW_LINK_MS = 10 * 60_000;
const isMoving = (status: string | undefined) => status === 'queued' || status === 'running';

export function useExport(onStarted: (id: string) => void) {
  return useAct(async (body: Schemas['NewExport']) =>
    onStarted((await answer(api.POST('/api/v1/exports', { body }))).id),
  );
}

export function ExportDialog({ id, onClose }: { id: string | null; onClose: () => void }) {
  return (
    <Dialog open={id !== null} onOpenChange={(open) => !open && onClose()}>
      {id !== null && <Progress id={id} onClose={onClose} />}
    </Dialog>
  );
}

function Progress({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const params = { path: { id } };
  const query = useQuery({
    queryKey: [workspace, 'exports', 'one', id],
    queryFn: () => answer(api.GET('/api/v1/exports/{id}', { params })),
    refetchInterval: (one) => (!one.state.data || isMoving(one.state.data.status) ? LIVE_MS : NEW_LINK_MS),
    // The link of an earlier look may be over.
    staleTime: 0,
    gcTime: 0,
  });
  const cancel = useAct(() => api.POST('/api/v1/exports/{id}/cancel', { params }));
  const one = query.data;
  const total = one?.rows_total ?? 0;
  return (
    <DialogContent>
      <DialogTitle>{t('exports.title')}</DialogTitle>
      <DialogDescription>{t('exports.hint')}</DialogDescription>
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !one ? (
        <Skeleton className="h-16" />
      ) : (
        <>
          <p className="flex flex-wrap items-center gap-2 text-sm" role="status">
            {t(`exports.kinds.${one.rows.kind}`)} ({one.format.toUpperCase()}) <StateBadge state={one.status} />
            {one.error && <span className="text-destructive-text">{one.error}</span>}
          </p>
          {isMoving(one.status) && (
            <div className="grid gap-1 text-xs text-muted-foreground">
              <progress
                className="h-2 w-full accent-[var(--ring)]"
                aria-label={t('exports.title')}
                max={Math.max(total, one.rows_done, 1)}
                value={one.rows_done}
              />
              {t('exports.rows', { done: format.number(one.rows_done), total: format.number(total) })}
            </div>
          )}
          <DialogFooter>
            {isMoving(one.status) && (
              <Button variant="outline" disabled={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
                {t('exports.cancel')}
              </Button>
            )}
            {one.link && (
              <Button asChild>
                <a href={one.link.url} download onClick={onClose}>
                  <DownloadIcon aria-hidden />
                  {t('exports.save')} ({format.bytes(one.bytes ?? 0)})
                </a>
              </Button>
            )}
          </DialogFooter>
        </>
      )}
    </DialogContent>
  );
}

/** `rows` says what to export with the filters of the list. */
export function ExportButton({ rows }: { rows: (filters: Record<string, string>) => Rows }) {
  const { t } = useTranslation();
  const { search } = useListState();
  const may = useIs('admin');
  const [id, setId] = useState<string | null>(null);
  const start = useExport(setId);
  if (!may) return null;
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="outline" disabled={start.isPending}>
            <FileDownIcon aria-hidden />
            {t('exports.export')}
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {FORMATS.map((one) => (
            <DropdownMenuItem key={one} onSelect={() => start.mutate({ rows: rows(search.f ?? {}), format: one })}>
              {t(`exports.${one}`)}
            </DropdownMenuItem>
          ))}
          <DropdownMenuSeparator />
          <DropdownMenuItem asChild>
            <Link to="/exports">{t('exports.earlier')}</Link>
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <ExportDialog id={id} onClose={() => setId(null)} />
    </>
  );
}
