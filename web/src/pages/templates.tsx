import { RefreshCwIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { statusColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { TemplatePreview } from '@/components/template-preview';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogTitle } from '@/components/ui/dialog';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { languageName } from '@/lib/texts';

type Template = Schemas['Template'];

const STATES = ['draft', 'submitted', 'approved', 'rejected', 'paused', 'disabled'] as const;

export function Templates() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [shown, setShown] = useState<Template | null>(null);
  const isAdmin = useIs('admin');
  const sync = useAct(() => api.POST('/api/v1/templates/sync'), t('templates.syncing'));
  const columns = useMemo<Column<Template>[]>(
    () => [
      {
        id: 'name',
        header: t('templates.name'),
        value: (one) => one.name,
        cell: (one) => <span className="font-medium break-all">{one.name}</span>,
      },
      {
        id: 'language',
        header: t('templates.language'),
        value: (one) => one.language,
        filter: { kind: 'text' },
        cell: (one) => languageName(one.language),
      },
      {
        id: 'category',
        header: t('templates.category'),
        value: (one) => one.category,
        filter: {
          kind: 'choice',
          options: (['marketing', 'utility', 'authentication'] as const).map((one) => ({
            value: one,
            label: t(`templates.categories.${one}`),
          })),
        },
        cell: (one) => t(`templates.categories.${one.category}`),
      },
      statusColumn(t, t('templates.state'), t('templates.all'), STATES),
      {
        id: 'body',
        header: t('templates.text'),
        value: (one) => one.body,
        filter: { kind: 'text' },
        cell: (one) => <bdi className="line-clamp-2 max-w-md text-muted-foreground sm:line-clamp-1">{one.body}</bdi>,
      },
      timeColumn('updated', t('templates.updated'), format.moment, (one) => one.updated_at, true),
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
        source={{
          key: [workspace, 'templates'],
          load: ({ q, filters, limit, cursor }) => {
            const status = STATES.find((one) => one === filters.status);
            return answer(api.GET('/api/v1/templates', { params: { query: { status, name: q, limit, cursor } } }));
          },
        }}
        rowId={(one) => one.id}
        onRow={setShown}
        searchLabel={t('templates.search')}
        empty={{ title: t('templates.none'), hint: t('templates.noneHint') }}
      />
      <Dialog open={shown !== null} onOpenChange={(open) => !open && setShown(null)}>
        {shown && (
          <DialogContent>
            <DialogTitle className="break-all">{shown.name}</DialogTitle>
            <DialogDescription className="flex flex-wrap gap-2">
              <StateBadge state={shown.status} />
              <Badge>{languageName(shown.language)}</Badge>
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
