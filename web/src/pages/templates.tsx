import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { RefreshCwIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { DataTable, Filter, type Column } from '@/components/data-table';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { TemplatePreview } from '@/components/template-preview';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogTitle } from '@/components/ui/dialog';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { useIs, useWorkspaceId } from '@/lib/queries';

type Template = Schemas['Template'];

const STATES = ['draft', 'submitted', 'approved', 'rejected', 'paused', 'disabled'] as const;

export function Templates() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const { search, size } = useListState();
  const [shown, setShown] = useState<Template | null>(null);
  const isAdmin = useIs('admin');
  const status = STATES.find((one) => one === search.status);
  const query = useQuery({
    queryKey: [workspace, 'templates', search, size],
    queryFn: () =>
      answer(
        api.GET('/api/v1/templates', {
          params: { query: { status, name: search.q, limit: size, cursor: search.cursor } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
  const sync = useAct(() => api.POST('/api/v1/templates/sync'), t('templates.syncing'));
  const columns = useMemo<Column<Template>[]>(
    () => [
      {
        id: 'name',
        header: t('templates.name'),
        cell: (one) => <span className="font-medium break-all">{one.name}</span>,
      },
      { id: 'language', header: t('templates.language'), cell: (one) => one.language },
      { id: 'category', header: t('templates.category'), cell: (one) => t(`templates.categories.${one.category}`) },
      { id: 'status', header: t('templates.state'), cell: (one) => <StateBadge state={one.status} /> },
      {
        id: 'body',
        header: t('templates.text'),
        cell: (one) => <bdi className="line-clamp-2 max-w-md text-muted-foreground sm:line-clamp-1">{one.body}</bdi>,
      },
      { id: 'updated', header: t('templates.updated'), hidden: true, cell: (one) => format.moment(one.updated_at) },
    ],
    [t, format],
  );
  return (
    <>
      <PageHead title={t('nav.templates')}>
        {isAdmin && (
          <Button variant="outline" disabled={sync.isPending} onClick={() => sync.mutate(undefined)}>
            <RefreshCwIcon aria-hidden />
            {t('templates.sync')}
          </Button>
        )}
      </PageHead>
      <DataTable
        name="templates"
        label={t('nav.templates')}
        columns={columns}
        query={query}
        rowId={(one) => one.id}
        onRow={setShown}
        searchLabel={t('templates.search')}
        filters={
          <Filter
            by="status"
            label={t('templates.state')}
            all={t('templates.all')}
            options={STATES.map((one) => ({ value: one, label: t(`state.${one}`) }))}
          />
        }
        empty={{ title: t('templates.none'), hint: t('templates.noneHint') }}
      />
      <Dialog open={shown !== null} onOpenChange={(open) => !open && setShown(null)}>
        {shown && (
          <DialogContent>
            <DialogTitle className="break-all">{shown.name}</DialogTitle>
            <DialogDescription className="flex flex-wrap gap-2">
              <StateBadge state={shown.status} />
              <Badge>{shown.language}</Badge>
              <Badge>{t(`templates.categories.${shown.category}`)}</Badge>
            </DialogDescription>
            <TemplatePreview template={shown} />
            <Facts>
              <Fact label={t('templates.quality')}>
                {t(`templates.qualities.${shown.quality}`, { defaultValue: shown.quality })}
              </Fact>
              <Fact label={t('templates.updated')}>{format.moment(shown.updated_at)}</Fact>
              {shown.reason && <Fact label={t('templates.reason')}>{shown.reason}</Fact>}
            </Facts>
          </DialogContent>
        )}
      </Dialog>
    </>
  );
}
